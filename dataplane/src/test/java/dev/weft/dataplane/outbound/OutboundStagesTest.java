package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page, the enum and the assembled chain say the same. */
class OutboundStagesTest {
  private static final Pattern ROW =
      Pattern.compile("\\| ([A-Z]+) \\| (library|call|attempt) \\| `?([^|`]+)`? \\| ([^|]+) \\|");

  private static List<Matcher> rows() throws IOException {
    Path page = Paths.get("..", "docs", "request-path.md");
    String text = new String(Files.readAllBytes(page), StandardCharsets.UTF_8);
    int start = text.indexOf("## Outbound");
    int end = text.indexOf("\n## ", start + 5);
    List<Matcher> rows = new ArrayList<>();
    for (String line : text.substring(start, end < 0 ? text.length() : end).split("\n")) {
      Matcher row = ROW.matcher(line);
      if (row.matches()) {
        rows.add(row);
      }
    }
    return rows;
  }

  @Test
  void pageAndEnumAgree() throws IOException {
    List<String> page = new ArrayList<>();
    for (Matcher row : rows()) {
      page.add(row.group(1) + " " + row.group(2) + " " + row.group(4));
    }
    List<String> stages =
        Arrays.stream(OutboundStage.values())
            .map(
                stage ->
                    stage + " " + stage.scope().name().toLowerCase(Locale.ROOT) + " " + stage.why())
            .collect(Collectors.toList());
    assertThat(page).isEqualTo(stages);
  }

  @Test
  void chainAndEnumAgree() {
    List<OutboundStage> ours =
        Arrays.stream(OutboundStage.values())
            .filter(stage -> stage.scope() != OutboundStage.Scope.LIBRARY)
            .collect(Collectors.toList());
    assertThat(new FakeMesh().side().stages()).isEqualTo(ours);
  }

  @Test
  void everyFilterOfThePageExists() throws Exception {
    for (Matcher row : rows()) {
      if (!row.group(2).equals("library")) {
        Class<?> filter = Class.forName("dev.weft.dataplane.outbound." + row.group(3));
        assertThat(OutboundFilter.class).isAssignableFrom(filter);
      }
    }
  }
}
