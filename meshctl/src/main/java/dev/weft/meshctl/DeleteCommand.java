package dev.weft.meshctl;

import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.ResourceReader;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl delete}: removes resources by name or by file. */
@Command(name = "delete", description = "Removes resources: KIND NAME... or -f FILE.")
final class DeleteCommand extends MeshCommand {
  @Parameters(arity = "0..*", paramLabel = "KIND NAME", description = "Kind, then names.")
  List<String> words = new ArrayList<>();

  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "Removes the resources in these files.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(names = "--ignore-not-found", description = "Do not fail over what is not there.")
  boolean ignoreNotFound;

  DeleteCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (sources.isEmpty() == words.size() < 2) {
      terminal().err().println("error: give either KIND NAME... or -f FILE");
      return 2;
    }
    boolean complete = true;
    if (sources.isEmpty()) {
      ResourceKind kind = Kinds.named(words.get(0));
      ControlServer server = server();
      for (String name : words.subList(1, words.size())) {
        complete &= delete(server, kind, namespace, name);
      }
    } else {
      List<Resource> resources = resources();
      ControlServer server = server();
      for (Resource each : resources) {
        complete &= delete(server, each.kind(), each.namespace(), each.name());
      }
    }
    return complete ? 0 : 1;
  }

  private List<Resource> resources() {
    List<Resource> resources = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    for (Documents each : Documents.read(sources, terminal())) {
      ReadResult result = ResourceReader.read(each.name(), each.text(), namespace);
      resources.addAll(result.resources());
      result.problems().forEach(problem -> problems.add(problem.toString()));
    }
    if (!problems.isEmpty()) {
      problems.add("error: nothing was deleted");
      throw CommandFailure.of(problems);
    }
    return resources;
  }

  private boolean delete(
      ControlServer server, ResourceKind kind, String resourceNamespace, String name) {
    try {
      server.delete(
          "/v1/resources/"
              + kind.plural()
              + "/"
              + ControlServer.encode(resourceNamespace)
              + "/"
              + ControlServer.encode(name));
      print(kind.qualifiedSingular() + " \"" + name + "\" deleted");
      return true;
    } catch (CommandFailure e) {
      boolean absent = e.lines().get(e.lines().size() - 1).contains("(NotFound)");
      if (absent && ignoreNotFound) {
        return true;
      }
      e.lines().forEach(terminal().err()::println);
      return false;
    }
  }
}
