package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl apply}: creates or changes resources, all or nothing. */
@Command(name = "apply", description = "Creates or changes resources from YAML, all or nothing.")
final class ApplyCommand extends MeshCommand {
  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "File, folder or - for standard input; may be repeated.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of documents that name none. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(names = "--dry-run", description = "Only say what would be done.")
  boolean dryRun;

  ApplyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<Documents> documents = Documents.read(sources, terminal());
    ControlServer server = server();
    if (documents.size() > 1) {
      checkAll(server, documents);
    }
    for (Documents each : documents) {
      Json answer = server.apply(each.text(), each.name(), namespace, dryRun);
      for (Json result : answer.objects("results")) {
        print(line(result) + (dryRun ? " (dry run)" : ""));
      }
    }
    return 0;
  }

  /** The server takes one text at a time as a whole; several are all tried before the first. */
  private void checkAll(ControlServer server, List<Documents> documents) {
    List<String> lines = new ArrayList<>();
    for (Documents each : documents) {
      try {
        server.apply(each.text(), each.name(), namespace, true);
      } catch (CommandFailure e) {
        e.lines().stream().filter(line -> !line.startsWith("error: nothing")).forEach(lines::add);
      }
    }
    if (!lines.isEmpty()) {
      lines.add("error: nothing was applied");
      throw CommandFailure.of(lines);
    }
  }

  private static String line(Json result) {
    ResourceKind kind = ResourceKind.named(result.text("kind"));
    String name = kind == null ? result.text("kind") : kind.qualifiedSingular();
    return name + "/" + result.text("name") + " " + result.text("action");
  }
}
