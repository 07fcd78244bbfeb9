package dev.weft.dataplane.database;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.EnumSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.Function;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;

/** The page, the enum and the assembled chains say the same. */
class DatabaseStagesTest {
  private static final Pattern ROW =
      Pattern.compile(
          "\\| ([A-Z]+) \\| (library|call|attempt|none) \\| (library|call|none) \\| `?([^|`]+)`? \\|"
              + " ([^|]+) \\|");
  private static final Set<DatabaseStage.Scope> NOT_OURS =
      EnumSet.of(DatabaseStage.Scope.NONE, DatabaseStage.Scope.LIBRARY);

  private static List<Matcher> rows() throws IOException {
    byte[] page = Files.readAllBytes(Paths.get("..", "docs", "request-path.md"));
    String text = new String(page, StandardCharsets.UTF_8);
    List<Matcher> rows = new ArrayList<>();
    for (String line : text.substring(text.indexOf("## Databases")).split("\n")) {
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
      page.add(row.group(1) + " " + row.group(2) + " " + row.group(3) + " " + row.group(5));
    }
    List<String> stages =
        Arrays.stream(DatabaseStage.values())
            .map(s -> s + " " + word(s.connect()) + " " + word(s.statement()) + " " + s.why())
            .collect(Collectors.toList());
    assertThat(page).isEqualTo(stages);
  }

  private static String word(DatabaseStage.Scope scope) {
    return scope.name().toLowerCase(Locale.ROOT);
  }

  @Test
  void chainsAndEnumAgree() {
    DatabaseChain chain = new FakeDatabase().chain();
    assertThat(chain.connectStages()).isEqualTo(ours(DatabaseStage::connect));
    assertThat(chain.statementStages()).isEqualTo(ours(DatabaseStage::statement));
  }

  private static List<DatabaseStage> ours(Function<DatabaseStage, DatabaseStage.Scope> scope) {
    return Arrays.stream(DatabaseStage.values())
        .filter(stage -> !NOT_OURS.contains(scope.apply(stage)))
        .collect(Collectors.toList());
  }

  @Test
  void everyFilterOfThePageExists() throws Exception {
    for (Matcher row : rows()) {
      if (!row.group(2).equals("library")) {
        Class<?> filter = Class.forName("dev.weft.dataplane.database." + row.group(4));
        assertThat(DatabaseFilter.class).isAssignableFrom(filter);
      }
    }
  }
}
