package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatCode;

import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.RateLimit;
import dev.weft.policy.snapshot.Route;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page, the enum and the assembled chain say the same. */
class InboundStagesTest {
  private static final Pattern ROW = Pattern.compile("\\| ([A-Z]+) \\| `?(\\w+)`? \\| ([^|]+) \\|");

  private static final List<AuthorizationPolicy> CUSTOM =
      Collections.singletonList(
          AuthorizationPolicy.builder()
              .action(AuthorizationPolicy.Action.CUSTOM)
              .provider("authz")
              .build());

  private static List<String> page() throws IOException {
    byte[] bytes = Files.readAllBytes(Paths.get("..", "docs", "request-path.md"));
    String text = new String(bytes, StandardCharsets.UTF_8);
    int start = text.indexOf("## Inbound");
    int end = text.indexOf("\n## ", start + 5);
    List<String> rows = new ArrayList<>();
    for (String line : text.substring(start, end < 0 ? text.length() : end).split("\n")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(row.group(1) + " " + row.group(2) + " " + row.group(3));
      }
    }
    return rows;
  }

  @Test
  void pageAndEnumAgree() throws IOException {
    assertThat(page())
        .isEqualTo(
            Arrays.stream(InboundStage.values())
                .map(stage -> stage + " " + stage.doneBy() + " " + stage.why())
                .collect(Collectors.toList()));
  }

  @Test
  void chainAndEnumAgree() {
    List<String> filters =
        Arrays.stream(InboundStage.values())
            .map(InboundStage::doneBy)
            .filter(name -> name.endsWith("Filter"))
            .collect(Collectors.toList());
    InboundDriver driver = InboundDriver.of(InboundObserver.NONE, false, () -> 0);
    assertThat(driver.filters()).as("without limits and tokens").isSubsetOf(filters);
    driver.update(
        InboundPolicy.builder()
            .limits(Collections.singletonList(RateLimit.builder().build()))
            .cors(Collections.singletonList(Route.builder().build()))
            .build());
    assertThat(driver.filters()).as("without tokens").isSubsetOf(filters);
    driver.update(
        InboundPolicy.builder()
            .jwtRules(Collections.singletonList(JwtRule.builder().build()))
            .authorization(CUSTOM)
            .build());
    assertThat(driver.filters()).isEqualTo(filters);
    InboundDriver other = InboundDriver.of(InboundObserver.NONE, false, () -> 0);
    other.update(
        InboundPolicy.builder()
            .limits(Collections.singletonList(RateLimit.builder().build()))
            .jwtRules(Collections.singletonList(JwtRule.builder().build()))
            .build());
    other.update(InboundPolicy.builder().authorization(CUSTOM).build());
    other.update(
        InboundPolicy.builder().cors(Collections.singletonList(Route.builder().build())).build());
    assertThat(other.filters()).as("whichever comes first").isEqualTo(filters);
  }

  @Test
  void whatThePageNamesExists() {
    for (InboundStage stage : InboundStage.values()) {
      if (!stage.doneBy().equals("container")) {
        assertThatCode(() -> Class.forName("dev.weft.dataplane.inbound." + stage.doneBy()))
            .as(stage.name())
            .doesNotThrowAnyException();
      }
    }
  }
}
