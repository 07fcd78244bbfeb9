package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.Visibility.Reach;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

final class VisibilityTest {
  private static Visibility of(String... entries) {
    return Visibility.of(Arrays.asList(entries), "shop");
  }

  @Test
  void isForAllUnlessItSaysOtherwise() {
    assertThat(of().to("web")).isEqualTo(Reach.ALL);
    assertThat(of("*").to("shop")).isEqualTo(Reach.ALL);
    assertThat(of(".").to("shop")).isEqualTo(Reach.OWN);
    assertThat(of(".").to("web")).isEqualTo(Reach.HIDDEN);
    assertThat(of("web", ".").to("web")).isEqualTo(Reach.NAMED);
    assertThat(of("web", "shop").to("shop")).isEqualTo(Reach.OWN);
    assertThat(of("web").includes("shop")).as("not even its own").isFalse();
    assertThat(of("~").includes("shop")).isFalse();
    assertThat(of("shop").isPrivate()).isTrue();
    assertThat(of("shop", "web").isPrivate()).isFalse();
  }

  private static List<String> problems(String kind, String exportTo, String rest) {
    return ResourceReader.read(
            "f.yaml",
            "apiVersion: networking.istio.io/v1\nkind: "
                + kind
                + "\nmetadata: {name: x, namespace: shop}\nspec:\n  exportTo: "
                + exportTo
                + "\n"
                + rest,
            "default")
        .problems()
        .stream()
        .map(Problem::toString)
        .collect(Collectors.toList());
  }

  @Test
  void refusesWhatSaysTheSameTwiceOrTooMuch() {
    String rule = "  host: orders\n";
    assertThat(problems("DestinationRule", "['*']", rule)).isEmpty();
    assertThat(problems("DestinationRule", "[., web]", rule)).isEmpty();
    assertThat(problems("DestinationRule", "[web, web]", rule))
        .singleElement()
        .asString()
        .contains("f.yaml:5:19", "spec.exportTo[1]", "is in the list already");
    assertThat(problems("DestinationRule", "[web, '*']", rule))
        .singleElement()
        .asString()
        .contains("spec.exportTo[1]", "leave out the others");
    assertThat(problems("DestinationRule", "[., shop]", rule))
        .singleElement()
        .asString()
        .contains("f.yaml:5:3", "names shop, which . means already");
    assertThat(problems("DestinationRule", "['we b']", rule))
        .singleElement()
        .asString()
        .contains("must be a namespace, . for its own or * for all");
  }

  @Test
  void onlyAServiceEntryMayBeForNobody() {
    String entry =
        "  hosts: [a.example]\n  resolution: STATIC\n"
            + "  ports: [{number: 80, name: http, protocol: HTTP}]\n";
    assertThat(problems("ServiceEntry", "['~']", entry)).isEmpty();
    assertThat(problems("ServiceEntry", "['~', web]", entry)).hasSize(1);
    assertThat(problems("DestinationRule", "['~']", "  host: orders\n")).hasSize(1);
    assertThat(Visibility.of(Collections.singletonList("~"), "shop").to("shop"))
        .isEqualTo(Reach.HIDDEN);
  }
}
