package dev.weft.meshctl.convert;

import dev.weft.policy.resource.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** Collects the resources that documents of another mesh become, and what they cannot say. */
final class Converted {
  private final StringBuilder text = new StringBuilder();
  private final List<String> notes = new ArrayList<>();
  private int resources;
  private int gaps;

  /** Notes where the resources that follow come from. */
  void from(String what) {
    notes.add("From " + what + ".");
  }

  /** Notes a thing that has no counterpart, in front of the resource that follows. */
  void gap(String what) {
    gaps++;
    notes.add("NOT CONVERTED: " + what);
  }

  /** Notes something to know about the resource that follows. */
  void note(String what) {
    notes.add(what);
  }

  void add(
      String apiVersion, String kind, String namespace, String name, Map<String, Object> spec) {
    Map<String, Object> metadata = new LinkedHashMap<>();
    metadata.put("name", dnsName(name));
    if (!namespace.isEmpty()) {
      metadata.put("namespace", namespace);
    }
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("apiVersion", apiVersion);
    tree.put("kind", kind);
    tree.put("metadata", metadata);
    tree.put("spec", spec);
    writeNotes();
    text.append(Resource.toYaml(tree));
    resources++;
  }

  /** A name that resources may have. */
  static String dnsName(String name) {
    String lower = name.toLowerCase(Locale.ROOT).replaceAll("[^a-z0-9.-]+", "-");
    return lower.replaceAll("^[^a-z0-9]+|[^a-z0-9]+$", "");
  }

  private void writeNotes() {
    text.append("---\n");
    for (String note : notes) {
      text.append("# ").append(note.replaceAll("\\p{Cntrl}+", " ")).append('\n');
    }
    notes.clear();
  }

  /** How many resources there are. */
  int resources() {
    return resources;
  }

  /** How many things have no counterpart. */
  int gaps() {
    return gaps;
  }

  /** Everything as a YAML stream. */
  String text() {
    if (!notes.isEmpty()) {
      writeNotes();
    }
    return text.toString();
  }
}
