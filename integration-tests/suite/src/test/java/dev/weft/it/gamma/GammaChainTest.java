package dev.weft.it.gamma;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** The Gateway API's mesh conformance cases, as the assembled chain decides them. */
class GammaChainTest {
  @Test
  void decidesEachConformanceCase() throws Exception {
    assumeTrue(Conformance.present(), "no corpus: set WEFT_CORPUS to its folder to run this check");
    int cases = 0;
    List<String> wrong = new ArrayList<>();
    for (Conformance.Test test : Conformance.tests()) {
      String policy = AssembledMesh.ECHO + "---\n" + test.policy();
      AssembledMesh mesh = AssembledMesh.of(policy, Conformance.NAMESPACE);
      for (Case each : test.cases()) {
        cases++;
        for (String problem : each.problems(mesh.call(each))) {
          wrong.add(test.name() + ": " + each + ": " + problem);
        }
      }
    }
    System.out.printf("GAMMA: %d conformance cases decided, %d problems%n", cases, wrong.size());
    assertThat(cases).isPositive();
    assertThat(wrong).isEmpty();
  }
}
