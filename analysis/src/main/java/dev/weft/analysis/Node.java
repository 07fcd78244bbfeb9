package dev.weft.analysis;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A value of a document, read leniently: what is absent or of another type reads as empty, for that
 * is the schema's business. It stands in a text, and has a place there, or is plain Java: maps by
 * name, lists, texts, numbers and flags. Immutable.
 */
record Node(@Nullable Object value, Mark mark) {
  /** A value of a text. */
  static Node of(Value value) {
    return new Node(value, value.mark());
  }

  /** A value that is in no text. */
  static Node ofTree(Map<String, Object> tree) {
    return new Node(tree, Mark.START);
  }

  boolean exists() {
    return value != null && !(value instanceof Value.Scalar scalar && scalar.isNull());
  }

  Node get(String field) {
    if (value instanceof Value.Mapping mapping && mapping.entries.get(field) != null) {
      return of(mapping.entries.get(field).value);
    }
    return new Node(value instanceof Map<?, ?> map ? map.get(field) : null, mark);
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
    if (value instanceof Map<?, ?> map) {
      Set<String> fields = new LinkedHashSet<>();
      map.keySet().forEach(key -> fields.add(String.valueOf(key)));
      return fields;
    }
    return value instanceof Value.Mapping mapping ? mapping.entries.keySet() : Set.of();
  }

  String text() {
    if (value instanceof Value.Scalar scalar) {
      return scalar.isNull() ? "" : scalar.text;
    }
    boolean plain = value instanceof String || value instanceof Number || value instanceof Boolean;
    return plain ? String.valueOf(value) : "";
  }

  /** Whether it is {@code true}, as a text or not. */
  boolean isTrue() {
    return text().equalsIgnoreCase("true");
  }

  List<Node> list() {
    List<Node> nodes = new ArrayList<>();
    if (value instanceof Value.Sequence sequence) {
      sequence.elements.forEach(element -> nodes.add(of(element)));
    } else if (value instanceof List<?> plain) {
      plain.forEach(element -> nodes.add(new Node(element, mark)));
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
    if (value instanceof Value.Mapping || value instanceof Map<?, ?>) {
      Map<String, Object> map = new LinkedHashMap<>();
      fields().forEach(field -> map.put(field, get(field).plain()));
      return map;
    }
    return value instanceof Value.Sequence || value instanceof List<?>
        ? list().stream().map(Node::plain).toList()
        : text();
  }
}
