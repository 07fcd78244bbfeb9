package dev.weft.policy.resource;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.Type;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.util.ArrayList;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Holds docs/policy-reference.md to the schema. {@code -Dweft.update-docs=true} writes the page
 * anew.
 */
final class PolicyReferenceTest {
  private static final Path PAGE = Paths.get("..", "docs", "policy-reference.md");

  @Test
  void pageSaysWhatTheSchemaSays() throws IOException {
    String page = page();
    if (Boolean.getBoolean("weft.update-docs")) {
      Files.write(PAGE, page.getBytes(StandardCharsets.UTF_8));
    }
    assertThat(new String(Files.readAllBytes(PAGE), StandardCharsets.UTF_8))
        .as("docs/policy-reference.md; run with -Dweft.update-docs=true to write it anew")
        .isEqualTo(page);
  }

  private static String page() {
    StringBuilder page = new StringBuilder();
    page.append("# Policy reference\n\n")
        .append(
            "What Weft carries out of Istio's kinds, of the Gateway API's routes for a mesh, and of")
        .append(" its own (`weft.dev`). Every\nfield is in one of three states:\n\n")
        .append("- **in force**: the tables, with what its value must be;\n")
        .append("- **refused** by name, with file, line and column: nothing is applied then, for a")
        .append(" policy is never\n  carried out in part;\n")
        .append("- **accepted with a warning**, since it has no meaning without a proxy: `apply`")
        .append(" says so, and the\n  object's `status` (`meshctl get ... -o yaml`).\n\n")
        .append("This page is made from the schema that reads the documents; a test compares the")
        .append(" two.\n\n")
        .append("Texts that YAML takes for something else (`no`, `1e3`, `010`) must be put in")
        .append(" quotes where a text is\nmeant. Tags, merge keys, duplicate keys and values")
        .append(" left empty are refused. A text may have 1 MiB,\n20,000 lines, 50,000 values")
        .append(" and 64 levels. Of `metadata`, `name`, `namespace`, `labels` and\n`annotations`")
        .append(" count; `status` and what a server writes into `metadata` are left aside.\n\n")
        .append("Annotations of a DestinationRule say what Istio has no field for:\n")
        .append("`weft.dev/load-balancer: EWMA`, `weft.dev/health-check` (a path),\n")
        .append(
            "`weft.dev/health-check-interval` (a duration, at least 1s), `weft.dev/hedge-after`\n")
        .append("(a duration, at least 1ms; request-path.md says which calls are hedged).\n");
    for (ResourceKind kind : ResourceKind.all()) {
      List<String> rows = new ArrayList<>();
      List<String> refused = new ArrayList<>();
      List<String> warned = new ArrayList<>();
      describe("", kind.spec(), new IdentityHashMap<>(), rows, refused, warned);
      page.append("\n## ").append(kind.kind()).append("\n\n");
      page.append("`").append(kind.group()).append("/");
      page.append(String.join("`, `" + kind.group() + "/", kind.versions())).append("`; ");
      page.append("`meshctl get ").append(kind.plural()).append('`');
      kind.shortNames().forEach(name -> page.append(" or `").append(name).append('`'));
      page.append("\n\n");
      page.append("| field of spec | value |\n|---|---|\n");
      rows.forEach(row -> page.append(row).append('\n'));
      if (!warned.isEmpty()) {
        page.append("\n| accepted with a warning | why it has no effect |\n|---|---|\n");
        warned.forEach(row -> page.append(row).append('\n'));
      }
      page.append(
          refused.isEmpty()
              ? "\n" + (warned.isEmpty() ? "All of it" : "All else") + " is in force.\n"
              : "\nNot in force yet: " + String.join(", ", refused) + ".\n");
    }
    return page.toString();
  }

  private static void describe(
      String path,
      Type type,
      Map<Type, String> seen,
      List<String> rows,
      List<String> refused,
      List<String> warned) {
    if (type instanceof ListType) {
      describe(path + "[]", ((ListType) type).element(), seen, rows, refused, warned);
    } else if (type instanceof MapType) {
      describe(path + "{}", ((MapType) type).value(), seen, rows, refused, warned);
    } else if (type instanceof ObjectType) {
      String first = seen.putIfAbsent(type, path);
      if (first != null) {
        rows.add("| `" + path + "` | as `" + first + "` |");
        return;
      }
      for (ObjectType.Field field : ((ObjectType) type).fields()) {
        String below = path.isEmpty() ? field.name : path + "." + field.name;
        if (field.refusal != null) {
          refused.add("`" + below + "`");
        } else if (field.noEffect != null) {
          warned.add("| `" + below + "` | " + field.noEffect + " |");
        } else {
          describe(below, field.type, seen, rows, refused, warned);
          if (field.required && isScalar(field.type)) {
            rows.set(
                rows.size() - 1, rows.get(rows.size() - 1).replaceFirst(" \\|$", "; required |"));
          }
        }
      }
    } else {
      rows.add("| `" + path + "` | " + type.describe() + " |");
    }
  }

  private static boolean isScalar(Type type) {
    return !(type instanceof ListType || type instanceof MapType || type instanceof ObjectType);
  }
}
