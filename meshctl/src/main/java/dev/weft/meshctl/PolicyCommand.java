package dev.weft.meshctl;

import dev.weft.policy.resource.Resource;
import java.io.PrintStream;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** {@code meshctl policy}. */
@Command(
    name = "policy",
    description = "Looks at policy before it is applied.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class PolicyCommand {

  /** {@code meshctl policy diff}. */
  @Command(
      name = "diff",
      description = "Shows what apply would change, and for which instances. Changes nothing.")
  static final class Diff extends MeshCommand {
    /** Names shown of a list before the rest is counted. */
    private static final int SHOWN = 5;

    @Mixin private final PolicyFiles files = new PolicyFiles();

    Diff(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Json answer = files.send(this::server, terminal(), "diff");
      ChangeLines.printWarnings(answer, terminal());
      PrintStream out = terminal().out();
      boolean same = true;
      for (Json result : answer.objects("results")) {
        if (!result.text("action").equals("unchanged")) {
          same = false;
          show(result, out);
        }
      }
      if (same) {
        terminal().err().println("No differences");
        return 0;
      }
      List<Json> affected = answer.objects("affected");
      out.println(
          affected.isEmpty()
              ? "No live instance's snapshot would change."
              : "Snapshots that would change:");
      for (Json each : affected) {
        List<String> instances = each.texts("instances");
        out.println(
            "  "
                + Table.plain(each.text("namespace") + "/" + each.text("service"))
                + " ("
                + instances.size()
                + (instances.size() == 1 ? " instance: " : " instances: ")
                + Table.plain(some(instances))
                + "): "
                + Table.plain(some(each.texts("changes"))));
      }
      return 0;
    }

    private static void show(Json result, PrintStream out) {
      String name = ChangeLines.name(result) + " in " + result.text("namespace");
      out.println("--- " + (result.has("before") ? name : "(none)"));
      out.println("+++ " + (result.has("after") ? name : "(none)"));
      UnifiedDiff.of(lines(result, "before"), lines(result, "after")).forEach(out::println);
    }

    private static List<String> lines(Json result, String field) {
      return result.has(field)
          ? Resource.toYaml(result.object(field).map()).lines().toList()
          : List.of();
    }

    private static String some(List<String> names) {
      return names.size() <= SHOWN
          ? String.join(", ", names)
          : String.join(", ", names.subList(0, SHOWN)) + " and " + (names.size() - SHOWN) + " more";
    }
  }
}
