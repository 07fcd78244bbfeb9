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
      description = "Such as virtualservices, virtualservice or vs; several with commas.")
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
    List<ResourceKind> kinds = new ArrayList<>();
    for (String each : kindName.split(",")) {
      kinds.add(Kinds.named(each));
    }
    if (name != null) {
      return one(kinds);
    }
    ControlServer server = server();
    List<Json> all = new ArrayList<>();
    boolean several = false;
    for (ResourceKind kind : kinds) {
      List<Json> items = items(server, kind);
      all.addAll(items);
      if (!items.isEmpty() && (output == Output.table || output == Output.name)) {
        if (several && output == Output.table) {
          print("");
        }
        several = true;
        lines(kind, items);
      }
    }
    if (output == Output.yaml || output == Output.json) {
      document(list(all));
    } else if (all.isEmpty()) {
      String where = allNamespaces ? "" : " in " + namespace + " namespace.";
      terminal().err().println("No resources found" + where);
    }
    return 0;
  }

  private Integer one(List<ResourceKind> kinds) {
    if (kinds.size() > 1) {
      terminal().err().println("error: a name goes with one kind, not several");
      return 2;
    }
    ResourceKind kind = kinds.get(0);
    Json item =
        server()
            .get(
                "/v1/resources/"
                    + kind.plural()
                    + "/"
                    + ControlServer.encode(namespace)
                    + "/"
                    + ControlServer.encode(String.valueOf(name)));
    if (output == Output.yaml || output == Output.json) {
      document(item.map());
    } else {
      lines(kind, List.of(item));
    }
    return 0;
  }

  private List<Json> items(ControlServer server, ResourceKind kind) {
    String from = allNamespaces ? "*" : namespace;
    return server
        .get("/v1/resources/" + kind.plural() + "?namespace=" + ControlServer.encode(from))
        .objects("items");
  }

  private void lines(ResourceKind kind, List<Json> items) {
    if (output == Output.name) {
      items.forEach(item -> print(kind.qualifiedSingular() + "/" + nameOf(item)));
    } else {
      table(kind, items);
    }
  }

  private void document(Map<String, Object> tree) {
    if (output == Output.yaml) {
      terminal().out().print(Resource.toYaml(tree));
    } else {
      print(Json.pretty(tree));
    }
  }

  private static Map<String, Object> list(List<Json> items) {
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
