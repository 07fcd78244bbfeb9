package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.weft.policy.document.Problem;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;

/**
 * Compares verdicts with Istio's own, over a corpus of published documents that is not part of the
 * project: {@code -Dweft.corpus=DIR} or {@code WEFT_CORPUS} names a folder with an {@code
 * index.csv}.
 *
 * <p>A wrong document must be refused. A right one must be accepted, or refused for nothing but
 * parts that are not in force. Verdicts that need other resources are counted apart.
 */
final class CorpusTest {
  /**
   * Share of verdicts that must agree. Not all can: published pages contain documents that Istio's
   * own webhook would refuse.
   */
  private static final double FLOOR = 0.99;

  /** What a shell, Go or the reader is to fill in, or left out: it is no document yet. */
  private static final Pattern PLACEHOLDER =
      Pattern.compile(
          "\\$\\{?[A-Z][A-Z_]+|%[sv]\\b|\\{\\{|[:-] *\"?<[A-Za-z-]+>"
              // An ellipsis: the rest of a document, or of a name.
              + "|(?m)^\\.\\.\\.$|\\w\\.\\.\\.\\w");

  @Test
  void agreesWithIstio() throws IOException {
    String directory = System.getProperty("weft.corpus", System.getenv("WEFT_CORPUS"));
    assumeTrue(directory != null, "no corpus: set WEFT_CORPUS to its folder to run this check");
    Path corpus = Paths.get(directory);
    Set<String> kinds = new HashSet<>();
    ResourceKind.all().forEach(kind -> kinds.add(kind.kind()));
    int documents = 0;
    int accepted = 0;
    int notYet = 0;
    int refused = 0;
    int crossResource = 0;
    int templates = 0;
    int unread = 0;
    List<String> wrong = new ArrayList<>();
    List<String> lines = Files.readAllLines(corpus.resolve("index.csv"), StandardCharsets.UTF_8);
    for (String line : lines.subList(1, lines.size())) {
      String[] columns = line.split(",", 11);
      if (!kinds.contains(columns[6])) {
        continue;
      }
      boolean valid = !columns[8].equals("invalid");
      byte[] text = Files.readAllBytes(corpus.resolve(columns[1]));
      List<Problem> problems = ResourceReader.read(columns[1], text, "default").problems();
      if (!valid && columns[9].equals("analyzer")) {
        crossResource++;
        continue;
      }
      if (valid && PLACEHOLDER.matcher(new String(text, StandardCharsets.UTF_8)).find()) {
        templates++;
        continue;
      }
      boolean early = problems.stream().allMatch(p -> p.code == Problem.Code.NOT_IN_FORCE);
      if (valid && !early && columns[9].equals("analyzer")) {
        // Tests of analyzers read documents past schema and webhook.
        unread++;
        wrong.add("refused, and never judged by itself: " + columns[1] + " " + problems);
        continue;
      }
      documents++;
      if (valid && problems.isEmpty()) {
        accepted++;
      } else if (valid && early) {
        notYet++;
      } else if (!valid && !problems.isEmpty()) {
        refused++;
      } else {
        wrong.add((valid ? "refused: " : "accepted: ") + columns[1] + " " + problems);
      }
    }
    int right = accepted + notYet + refused;
    System.out.printf(
        "corpus: %d of %d verdicts agree (%.2f %%): %d accepted, %d refused as not in force yet,"
            + " %d refused as wrong; %d need other resources, %d more are read by analyzers alone"
            + " and refused, %d hold placeholders%n",
        right,
        documents,
        100.0 * right / documents,
        accepted,
        notYet,
        refused,
        crossResource,
        unread,
        templates);
    wrong.forEach(System.out::println);
    assertThat(documents).isGreaterThan(100);
    assertThat((double) right / documents).isGreaterThan(FLOOR);
  }
}
