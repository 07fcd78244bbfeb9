package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl history}. */
@Command(
    name = "history",
    description = "Shows the changes of the policy, the newest first: who, when and what.")
final class HistoryCommand extends MeshCommand {
  /** Resources shown of one change before the rest is counted. */
  private static final int SHOWN = 3;

  @Parameters(arity = "0..2", paramLabel = "KIND NAME", description = "Only those of one resource.")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of the resource. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(
      names = {"-o", "--output"},
      paramLabel = "FORMAT",
      description = "table, or json with every resource of each change. Default: table")
  Format output = Format.table;

  /** The forms. */
  enum Format {
    table,
    json
  }

  HistoryCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (words.size() == 1) {
      throw CommandFailure.usage("error: give KIND and NAME, or neither");
    }
    String path = "/v1/policy/history";
    if (!words.isEmpty()) {
      ResourceKind kind = Kinds.named(words.get(0));
      path +=
          "?kind="
              + kind.plural()
              + "&namespace="
              + ControlServer.encode(namespace)
              + "&name="
              + ControlServer.encode(words.get(1));
    }
    Json answer = server().get(path);
    if (output == Format.json) {
      print(Json.pretty(answer.map()));
      return 0;
    }
    List<Json> items = answer.objects("items");
    if (items.isEmpty()) {
      terminal().err().println("No changes found since version " + answer.text("reachesBackTo"));
      return 0;
    }
    Table table = new Table("VERSION", "AGE", "BY", "COMMAND", "CHANGES");
    for (Json item : items) {
      table.row(
          List.of(
              item.text("version"),
              Ages.since(item.text("time"), terminal().clock()),
              item.text("actor"),
              item.text("what"),
              changes(item.objects("changes"))));
    }
    table.print(terminal().out());
    return 0;
  }

  private static String changes(List<Json> changes) {
    List<String> shown = new ArrayList<>();
    for (Json change : changes) {
      if (shown.size() == SHOWN) {
        shown.add("and " + (changes.size() - SHOWN) + " more");
        break;
      }
      shown.add(change.text("resource") + " " + change.text("action"));
    }
    return String.join(", ", shown);
  }
}
