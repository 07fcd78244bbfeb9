package dev.weft.meshctl;

import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl get}: shows resources. */
@Command(name = "get", description = "Shows resources of a kind, or one by name.")
final class GetCommand extends MeshCommand {
  /** Ways to show resources. */
  enum Output {
    table,
    yaml,
    json,
    name
  }

  @Parameters(
      index = "0",
      paramLabel = "KIND",
      description = "Such as virtualservices, virtualservice or vs.")
  String kindName = "";

  @Parameters(index = "1", arity = "0..1", paramLabel = "NAME", description = "Name of one.")
  @Nullable String name;

  @Option(
      names = {"-o", "--output"},
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  Output output = Output.table;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(
      names = {"-A", "--all-namespaces"},
      description = "Resources of every namespace.")
  boolean allNamespaces;

  GetCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    ResourceKind kind = Kinds.named(kindName);
    String path = "/v1/resources/" + kind.plural();
    if (name != null) {
      Json item =
          server()
              .get(path + "/" + ControlServer.encode(namespace) + "/" + ControlServer.encode(name));
      show(kind, List.of(item), true);
      return 0;
    }
    String from = allNamespaces ? "*" : namespace;
    List<Json> items =
        server().get(path + "?namespace=" + ControlServer.encode(from)).objects("items");
    if (items.isEmpty() && (output == Output.table || output == Output.name)) {
      terminal()
          .err()
          .println(
              allNamespaces
                  ? "No resources found"
                  : "No resources found in " + namespace + " namespace.");
      return 0;
    }
    show(kind, items, false);
    return 0;
  }

  private void show(ResourceKind kind, List<Json> items, boolean single) {
    switch (output) {
      case table -> table(kind, items);
      case name -> items.forEach(item -> print(kind.qualifiedSingular() + "/" + nameOf(item)));
      case yaml -> terminal().out().print(Resource.toYaml(document(items, single)));
      case json -> print(Json.pretty(document(items, single)));
    }
  }

  private static Map<String, Object> document(List<Json> items, boolean single) {
    if (single) {
      return items.get(0).map();
    }
    List<Object> maps = new ArrayList<>();
    items.forEach(item -> maps.add(item.map()));
    Map<String, Object> list = new LinkedHashMap<>();
    list.put("apiVersion", "v1");
    list.put("kind", "List");
    list.put("items", maps);
    return list;
  }

  private void table(ResourceKind kind, List<Json> items) {
    Columns columns = Columns.of(kind);
    List<String> heads = new ArrayList<>();
    if (allNamespaces) {
      heads.add("NAMESPACE");
    }
    heads.add("NAME");
    heads.addAll(columns.heads());
    heads.add("AGE");
    Table table = new Table(heads.toArray(String[]::new));
    for (Json item : items) {
      List<String> cells = new ArrayList<>();
      if (allNamespaces) {
        cells.add(item.object("metadata").text("namespace"));
      }
      cells.add(nameOf(item));
      cells.addAll(columns.cells(item.object("spec")));
      String created = item.object("metadata").text("creationTimestamp");
      cells.add(Ages.since(created, terminal().clock()));
      table.row(cells);
    }
    table.print(terminal().out());
  }

  private static String nameOf(Json item) {
    return item.object("metadata").text("name");
  }
}
