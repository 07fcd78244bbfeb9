package dev.weft.it.gamma;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.ObjectMapper;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/**
 * The conformance tests, which are not part of the project: {@code -Dweft.corpus=DIR} or {@code
 * WEFT_CORPUS} names a folder that has them in {@code gamma/mesh-conformance.json}, beside their
 * manifests.
 */
final class Conformance {
  /** Where the services are that the tests call. */
  static final String NAMESPACE = "gateway-conformance-mesh";

  private Conformance() {}

  /**
   * One test.
   *
   * @param policy its manifests, as one text
   */
  record Test(String name, String policy, List<Case> cases) {}

  /** Whether the tests are there. */
  static boolean present() {
    return directory() != null && Files.exists(directory().resolve("mesh-conformance.json"));
  }

  private static Path directory() {
    String corpus = System.getProperty("weft.corpus", System.getenv("WEFT_CORPUS"));
    return corpus == null ? null : Path.of(corpus, "gamma");
  }

  static List<Test> tests() throws IOException {
    Path directory = directory();
    JsonNode all = new ObjectMapper().readTree(directory.resolve("mesh-conformance.json").toFile());
    List<Test> tests = new ArrayList<>();
    for (JsonNode test : all.path("tests")) {
      List<String> manifests = new ArrayList<>();
      for (JsonNode manifest : test.path("manifests")) {
        Path name = Path.of(manifest.asText()).getFileName();
        manifests.add(Files.readString(directory.resolve(name)));
      }
      List<Case> cases = new ArrayList<>();
      test.path("cases").forEach(each -> cases.add(new Case(each)));
      tests.add(new Test(test.path("test").asText(), String.join("\n---\n", manifests), cases));
    }
    return tests;
  }
}
