package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.Type;
import java.io.IOException;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * No field is in force that no test has ever written: each field of a kind stands in the YAML of a
 * test, and each field of what agents are sent is set in a test of what they do with it. It reads
 * the tests' sources, so it cannot tell a good test from a bad one.
 */
final class FieldsAreTestedTest {
  private static final Path PROJECT = Paths.get("..");

  /** Tests of what is read from YAML and of what comes of it over real JVMs. */
  private static final List<String> POLICY_TESTS =
      Arrays.asList("policy", "control-server", "integration-tests", "dataplane", "sample-apps");

  /** Tests of the assembled chain, and the contract that each library's unit is held to. */
  private static final List<String> BEHAVIOUR_TESTS =
      Arrays.asList("dataplane", "instrumentation", "agent", "integration-tests");

  /** Still without a test of what they do. Only ever to be made shorter. */
  private static final Set<String> STILL_UNTESTED =
      new HashSet<>(Arrays.asList("ConnectionPool.idleTimeoutMillis")); // no kind has it in force

  @Test
  void everyFieldOfAKindStandsInATest() throws IOException {
    Pattern key = Pattern.compile("\\b([A-Za-z_]\\w*)[\"'\\\\]*\\s*:");
    Set<String> written = words(POLICY_TESTS, key);
    Set<String> missing = new TreeSet<>();
    for (ResourceKind kind : ResourceKind.all()) {
      Set<Type> seen = Collections.newSetFromMap(new IdentityHashMap<>());
      fields(kind.kind() + ".spec", kind.spec(), seen, written, missing);
    }
    assertThat(missing).as("fields in force that no test writes").isEmpty();
  }

  @Test
  void everyFieldThatAgentsAreSentIsSetInATestOfWhatTheyDo() throws Exception {
    Set<String> called = words(BEHAVIOUR_TESTS, Pattern.compile("\\.([a-z]\\w*)\\("));
    Set<String> missing = new TreeSet<>();
    Path model = Paths.get("src/main/java/dev/weft/policy/snapshot");
    try (Stream<Path> files = Files.list(model)) {
      for (Path file : files.collect(Collectors.toList())) {
        String name = file.getFileName().toString().replace(".java", "");
        if (!name.equals("package-info")) {
          builder(Class.forName("dev.weft.policy.snapshot." + name), called, missing);
        }
      }
    }
    missing.removeAll(STILL_UNTESTED);
    assertThat(missing).as("fields of the snapshot that no test of behaviour sets").isEmpty();
  }

  private static void builder(Class<?> model, Set<String> called, Set<String> missing) {
    for (Class<?> nested : model.getDeclaredClasses()) {
      if (!nested.getSimpleName().equals("Builder")) {
        continue;
      }
      for (Method method : nested.getDeclaredMethods()) {
        if (Modifier.isPublic(method.getModifiers())
            && method.getParameterCount() == 1
            && !called.contains(method.getName())) {
          missing.add(model.getSimpleName() + "." + method.getName());
        }
      }
    }
  }

  private static void fields(
      String path, Type type, Set<Type> seen, Set<String> written, Set<String> missing) {
    if (type instanceof ListType) {
      fields(path + "[]", ((ListType) type).element(), seen, written, missing);
    } else if (type instanceof MapType) {
      fields(path + "{}", ((MapType) type).value(), seen, written, missing);
    } else if (type instanceof ObjectType && seen.add(type)) {
      for (ObjectType.Field field : ((ObjectType) type).fields()) {
        if (field.refusal == null && field.noEffect == null) {
          if (!written.contains(field.name)) {
            missing.add(path + "." + field.name);
          }
          fields(path + "." + field.name, field.type, seen, written, missing);
        }
      }
    }
  }

  /** What the pattern finds in the tests of these folders. */
  private static Set<String> words(List<String> folders, Pattern pattern) throws IOException {
    Set<String> words = new HashSet<>();
    List<Path> sources = new ArrayList<>();
    for (String folder : folders) {
      try (Stream<Path> files = Files.walk(PROJECT.resolve(folder))) {
        files
            .filter(FieldsAreTestedTest::isTest)
            .filter(file -> !file.endsWith("FieldsAreTestedTest.java"))
            .forEach(sources::add);
      }
    }
    for (Path source : sources) {
      String text = new String(Files.readAllBytes(source), StandardCharsets.UTF_8);
      Matcher matcher = pattern.matcher(text);
      while (matcher.find()) {
        words.add(matcher.group(1));
      }
    }
    return words;
  }

  private static boolean isTest(Path file) {
    String path = file.toString().replace('\\', '/');
    return path.endsWith(".java")
        && !path.contains("/target/")
        && (path.contains("/src/test/") || path.contains("/instrumentation/testing/"));
  }
}
