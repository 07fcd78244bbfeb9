package dev.weft.meshctl.analyze;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.document.YamlReader;
import dev.weft.policy.resource.HostNames;
import java.util.ArrayList;
import java.util.List;

/**
 * One resource of a file, of whatever kind. Immutable.
 *
 * @param namespace {@code default} when it names none
 */
public record Document(String file, String kind, String namespace, String name, Node root) {
  /** Reads the resources of a text; what is not YAML is missing, and the schema says so. */
  static List<Document> read(String file, byte[] utf8) {
    List<Document> documents = new ArrayList<>();
    for (Value value : YamlReader.read(utf8, Problems.in(file))) {
      add(file, Node.of(value), documents);
    }
    return documents;
  }

  private static void add(String file, Node root, List<Document> documents) {
    if (root.get("kind").text().equals("List")) {
      root.get("items").list().forEach(item -> add(file, item, documents));
      return;
    }
    Node metadata = root.get("metadata");
    String namespace = metadata.get("namespace").text();
    documents.add(
        new Document(
            file,
            root.get("kind").text(),
            namespace.isEmpty() ? "default" : namespace,
            metadata.get("name").text(),
            root));
  }

  Node spec() {
    return root.get("spec");
  }

  /** A host that it names, in full. */
  String inFull(String host) {
    return HostNames.inFull(host, namespace, "cluster.local");
  }

  /** {@code VirtualService shop/orders}. */
  public String reference() {
    return kind + " " + namespace + "/" + name;
  }
}
