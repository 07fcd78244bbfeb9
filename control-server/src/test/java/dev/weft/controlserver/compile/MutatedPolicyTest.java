package dev.weft.controlserver.compile;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.analysis.Analysis;
import dev.weft.controlserver.PolicyMutator;
import dev.weft.controlserver.TestServer;
import dev.weft.controlserver.identity.Workloads.KnownService;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.ResourceReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** Whatever a document says, there is a verdict with a place, and what is accepted compiles. */
class MutatedPolicyTest extends MeshUnderTest {
  /** A run by hand may judge more of them. */
  private static final int DOCUMENTS = Integer.getInteger("weft.mutations", 3_000);

  @Test
  void everyDocumentIsJudged() {
    PolicyMutator mutator = new PolicyMutator(2026);
    known.add(new KnownService("shop", "orders"));
    instance("orders-1", "orders", "shop", 8080);
    int accepted = 0;
    for (int i = 0; i < DOCUMENTS; i++) {
      String document = mutator.next();
      try {
        accepted += judge(document) ? 1 : 0;
      } catch (RuntimeException | StackOverflowError | AssertionError e) {
        throw new AssertionError("document " + i + ": " + document, e);
      }
    }
    assertThat(accepted)
        .as("documents that the change left right")
        .isBetween(DOCUMENTS / 20, DOCUMENTS / 2);
  }

  private boolean judge(String document) {
    ReadResult read = ResourceReader.read("a.yaml", document, "shop");
    assertThat(read.accepted()).isEqualTo(read.problems().isEmpty());
    assertThat(read.problems())
        .allSatisfy(
            problem -> {
              assertThat(problem.mark.line).isPositive();
              assertThat(problem.mark.column).isPositive();
              assertThat(problem.message).isNotBlank();
            });
    Analysis.of(Map.of("a.yaml", document.getBytes(StandardCharsets.UTF_8)));
    if (!read.accepted()) {
      return false;
    }
    policy.clear();
    policy.add(new StoredResource(read.resources().get(0), START, 1, null));
    compile("shop", Map.of("app", "web"));
    String again = read.resources().get(0).toJson();
    assertThat(ResourceReader.read("a.json", again, "shop").problems())
        .as("what is given back: " + again)
        .extracting(Problem::toString)
        .isEmpty();
    return true;
  }

  @Test
  void noDocumentIsAnErrorOfTheServer(@TempDir Path directory) {
    PolicyMutator mutator = new PolicyMutator(7);
    try (TestServer server = TestServer.start(directory)) {
      for (int i = 0; i < 150; i++) {
        String document = mutator.next();
        TestServer.Answer answer = server.admin("POST", "/v1/apply?file=a.yaml", document);
        assertThat(answer.status()).as(document + " " + answer.body()).isIn(200, 400, 409, 422);
        if (answer.status() != 200 && answer.status() != 409) {
          assertThat(answer.json().at("/error/details/0/line").asInt())
              .as(document + " " + answer.body())
              .isPositive();
        }
      }
    }
  }
}
