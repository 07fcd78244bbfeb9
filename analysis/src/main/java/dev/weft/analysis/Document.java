package dev.weft.analysis;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.document.YamlReader;
import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * One resource, of whatever kind. Immutable.
 *
 * @param file that it stands in, or empty for what is in the mesh
 * @param kind group and name, such as {@link Kinds#VIRTUAL_SERVICE}
 * @param namespace the default one when it names none
 * @param domain under which services have their hosts
 */
public record Document(
    String file, String kind, String namespace, String name, String domain, Node root) {
  /** Reads the resources of a text; what is not YAML is missing, and the schema says so. */
  static List<Document> read(String file, byte[] utf8, Defaults defaults) {
    List<Document> documents = new ArrayList<>();
    for (Value value : YamlReader.read(utf8, Problems.in(file))) {
      add(file, Node.of(value), defaults, documents);
    }
    return documents;
  }

  /** A resource in the mesh, as plain maps by field name, lists, texts, numbers and flags. */
  public static Document ofTree(Map<String, Object> tree, Defaults defaults) {
    return of("", Node.ofTree(tree), defaults);
  }

  private static void add(String file, Node root, Defaults defaults, List<Document> documents) {
    if (root.get("kind").text().equals("List")) {
      root.get("items").list().forEach(item -> add(file, item, defaults, documents));
    } else {
      documents.add(of(file, root, defaults));
    }
  }

  private static Document of(String file, Node root, Defaults defaults) {
    String version = root.get("apiVersion").text();
    int slash = version.indexOf('/');
    String group = slash < 0 ? "" : version.substring(0, slash);
    String kind =
        MeshConfig.isOne(root) ? Kinds.MESH_CONFIG : group + "/" + root.get("kind").text();
    Node metadata = root.get("metadata");
    String namespace = metadata.get("namespace").text();
    return new Document(
        file,
        kind,
        namespace.isEmpty() ? defaults.namespace() : namespace,
        metadata.get("name").text(),
        defaults.domain(),
        root);
  }

  Node spec() {
    return root.get("spec");
  }

  Map<String, String> labels() {
    return root.at("metadata", "labels").textMap();
  }

  Map<String, String> annotations() {
    return root.at("metadata", "annotations").textMap();
  }

  /** Whether it stands in a file, and not in the mesh. */
  boolean inFile() {
    return !file.isEmpty();
  }

  /** A host that it names, in full. */
  String inFull(String host) {
    return HostNames.inFull(host, namespace, domain);
  }

  /** {@code shop/orders}. */
  String fullName() {
    return namespace + "/" + name;
  }

  /** {@code VirtualService}. */
  String shortKind() {
    return kind.substring(kind.indexOf('/') + 1);
  }

  /** {@code VirtualService shop/orders}. */
  public String reference() {
    return shortKind() + " " + fullName();
  }
}
