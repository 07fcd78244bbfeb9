package dev.weft.meshctl.analyze;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document, read leniently: what is absent or of another type reads as empty, for that
 * is the schema's business. Immutable.
 */
record Node(@Nullable Value value, Mark mark) {
  static Node of(Value value) {
    return new Node(value, value.mark());
  }

  boolean exists() {
    return value != null && !(value instanceof Value.Scalar scalar && scalar.isNull());
  }

  Node get(String field) {
    if (value instanceof Value.Mapping mapping && mapping.entries.get(field) != null) {
      return of(mapping.entries.get(field).value);
    }
    return new Node(null, mark);
  }

  /** The value along these fields. */
  Node at(String... fields) {
    Node node = this;
    for (String field : fields) {
      node = node.get(field);
    }
    return node;
  }

  Set<String> fields() {
    return value instanceof Value.Mapping mapping ? mapping.entries.keySet() : Set.of();
  }

  String text() {
    return value instanceof Value.Scalar scalar && !scalar.isNull() ? scalar.text : "";
  }

  List<Node> list() {
    List<Node> nodes = new ArrayList<>();
    if (value instanceof Value.Sequence sequence) {
      sequence.elements.forEach(element -> nodes.add(of(element)));
    }
    return nodes;
  }

  List<String> texts() {
    return list().stream().map(Node::text).toList();
  }

  Map<String, String> textMap() {
    Map<String, String> map = new LinkedHashMap<>();
    fields().forEach(field -> map.put(field, get(field).text()));
    return map;
  }

  /** The same for two nodes that say the same, in whatever order of fields. */
  Object plain() {
    if (value instanceof Value.Mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      fields().forEach(field -> map.put(field, get(field).plain()));
      return map;
    }
    return value instanceof Value.Sequence ? list().stream().map(Node::plain).toList() : text();
  }
}
