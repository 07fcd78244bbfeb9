package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import java.lang.management.ManagementFactory;
import java.lang.management.ThreadMXBean;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

/**
 * Texts made to break a reader. Each is refused with a place, within 200 ms and without an
 * exception; the cause is named.
 */
final class HostileTextTest {
  private static final long LIMIT_MILLIS = 200;

  private static final String HEAD =
      "apiVersion: networking.istio.io/v1\n"
          + "kind: VirtualService\n"
          + "metadata:\n"
          + "  name: a\n"
          + "spec:\n"
          + "  hosts: [a]\n";

  private static final String ROUTE = "  http:\n  - route:\n    - destination:\n        host: a\n";

  @Test
  void isRefusedQuicklyWithAPlace() {
    Map<String, Supplier<byte[]>> texts = new LinkedHashMap<>();
    texts.put("more than 50000 values", HostileTextTest::billionLaughs);
    texts.put("nested deeper than 64 levels", () -> utf8(repeat("[", 10_000)));
    texts.put("deeper than 64 levels", () -> utf8(repeat("{a: ", 10_000)));
    texts.put("than 64 levels", () -> utf8(repeat("- ", 10_000) + "a"));
    texts.put("larger than 1 MiB", () -> new byte[100 * 1024 * 1024]);
    texts.put("character U+0000", () -> utf8(HEAD + ROUTE + "  \0"));
    texts.put("byte order mark", () -> utf8("\uFEFF" + HEAD + ROUTE));
    texts.put("not UTF-8", () -> new byte[] {'a', ':', ' ', (byte) 0xC3, (byte) 0x28});
    texts.put("TAB", () -> utf8("kind: VirtualService\nspec:\n\thosts: [a]\n"));
    texts.put("is there already, at 6:3", () -> utf8(HEAD + "  hosts: [b]\n" + ROUTE));
    texts.put("tag !!javax.script", () -> utf8(HEAD + "  http: !!javax.script.ScriptEngine []\n"));
    texts.put("tag !", () -> utf8("!local {kind: a}\n"));
    texts.put("merge keys are not allowed", () -> utf8("a: &x {b: c}\nd:\n  <<: *x\n"));
    texts.put("has no complete anchor", () -> utf8("a: &x [*x]\n"));
    texts.put("key must be a text", () -> utf8("? [a]\n: b\n"));
    texts.put("the text is not YAML", () -> utf8("a: [b\n"));
    texts.put("not YAML", () -> utf8(repeat("'", 100_001)));
    texts.put("more problems follow", () -> utf8(HEAD + manyUnknownFields(15_000)));
    texts.put("more than 20000 lines", () -> utf8(HEAD + manyUnknownFields(50_000)));
    texts.put("with aliases counted", () -> utf8("[" + repeat("a,", 500_000) + "a]"));
    texts.forEach(HostileTextTest::check);
  }

  /** The first reading pays for loading classes, which is not the text's doing. */
  private static void check(String cause, Supplier<byte[]> text) {
    byte[] bytes = text.get();
    ResourceReader.read("warm-up", HEAD + ROUTE, "default");
    // CPU time of this thread: the machine may be busy with something else.
    ThreadMXBean threads = ManagementFactory.getThreadMXBean();
    long start = threads.getCurrentThreadCpuTime();
    ReadResult result = ResourceReader.read("x.yaml", bytes, "default");
    long millis = (threads.getCurrentThreadCpuTime() - start) / 1_000_000;
    System.out.printf("%-32s %4d ms, %d problems%n", cause, millis, result.problems().size());
    assertThat(result.accepted()).as(cause).isFalse();
    assertThat(result.resources()).isEmpty();
    assertThat(result.problems())
        .as(cause)
        .anySatisfy(problem -> assertThat(problem.message).contains(cause))
        .allSatisfy(problem -> assertThat(problem.mark.line).isPositive())
        .allSatisfy(problem -> assertThat(problem.mark.column).isPositive());
    assertThat(millis).as(cause).isLessThanOrEqualTo(LIMIT_MILLIS);
  }

  @Test
  void namesThePlaceOfAFault() {
    assertThat(first(HEAD + ROUTE + "  \0").mark).hasToString("11:3");
    assertThat(first("a: 1\nb: &x [*x]\n").mark).hasToString("2:8");
    assertThat(first(HEAD + "  hosts: [b]\n").mark).hasToString("7:3");
    assertThat(first("kind: VirtualService\nspec:\n\thosts: [a]\n").mark).hasToString("3:1");
  }

  @Test
  void readsALongTextWithinTheLimit() {
    StringBuilder text = new StringBuilder(HEAD).append("  http:\n");
    for (int i = 0; i < 2_000; i++) {
      text.append("  - match:\n    - uri:\n        prefix: /").append(i).append('\n');
      text.append("    route:\n    - destination:\n        host: a\n");
    }
    ReadResult result = ResourceReader.read("x", text.toString(), "default");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources().get(0).spec(VirtualServiceSpec.class).rules).hasSize(2_000);
  }

  @Test
  void takesAliasesForWhatTheyStandFor() {
    String text =
        HEAD
            + "  http:\n  - route: &r\n    - destination:\n        host: a\n"
            + "    match: [{port: 80}]\n  - route: *r\n";
    ReadResult result = ResourceReader.read("x", text, "default");
    assertThat(result.problems()).isEmpty();
    assertThat(result.resources().get(0).toYaml()).doesNotContain("&").doesNotContain("*");
  }

  private static Problem first(String text) {
    ReadResult result = ResourceReader.read("x", text, "default");
    return result.problems().get(0);
  }

  private static byte[] billionLaughs() {
    StringBuilder text = new StringBuilder("a0: &a0 [lol, lol, lol, lol, lol, lol, lol, lol]\n");
    for (int i = 1; i < 20; i++) {
      String below = "*a" + (i - 1);
      String[] uses = new String[9];
      Arrays.fill(uses, below);
      text.append("a" + i + ": &a" + i + " [" + String.join(", ", uses) + "]\n");
    }
    return utf8(text.toString());
  }

  private static String manyUnknownFields(int count) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < count; i++) {
      text.append("  f").append(i).append(": 1\n");
    }
    return text.toString();
  }

  private static String repeat(String text, int count) {
    return String.join("", Collections.nCopies(count, text));
  }

  private static byte[] utf8(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
