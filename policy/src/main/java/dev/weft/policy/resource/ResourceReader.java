package dev.weft.policy.resource;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.document.YamlReader;
import dev.weft.policy.schema.Nearest;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Reads resources from YAML or JSON, all or nothing: a value, or the list of all that is wrong.
 *
 * <p>Thread-safe. Nothing in a text makes it throw, and no text makes it work for long.
 */
public final class ResourceReader {
  private static final Set<String> TOP_FIELDS =
      Collections.unmodifiableSet(
          new HashSet<>(Arrays.asList("apiVersion", "kind", "metadata", "spec", "status")));

  /** Kinds that Istio and the Gateway API have beside those in force. */
  private static final Set<String> OTHER_KINDS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "GRPCRoute",
                  "Gateway",
                  "EnvoyFilter",
                  "ProxyConfig",
                  "WasmPlugin",
                  "TrafficExtension")));

  private final String defaultNamespace;
  private final Problems problems;
  private final List<Resource> resources = new ArrayList<>();
  private final Map<String, Mark> seen = new HashMap<>();

  private ResourceReader(String defaultNamespace, Problems problems) {
    this.defaultNamespace = defaultNamespace;
    this.problems = problems;
  }

  /**
   * Reads every document of a text.
   *
   * @param file name for messages
   * @param utf8 the text, at most 1 MiB
   * @param defaultNamespace namespace of documents that name none
   */
  public static ReadResult read(String file, byte[] utf8, String defaultNamespace) {
    Problems problems = Problems.in(file);
    ResourceReader reader = new ResourceReader(defaultNamespace, problems);
    for (Value document : YamlReader.read(utf8, problems)) {
      reader.document(document);
    }
    if (reader.resources.isEmpty() && problems.isEmpty()) {
      problems.invalid(Mark.START, "", "there is no resource in this text");
    }
    return new ReadResult(reader.resources, problems.list());
  }

  /** Reads a text as {@link #read(String, byte[], String)} does. */
  public static ReadResult read(String file, String text, String defaultNamespace) {
    return read(file, text.getBytes(StandardCharsets.UTF_8), defaultNamespace);
  }

  private void document(Value document) {
    if (problems.full()) {
      return;
    }
    if (!(document instanceof Value.Mapping)) {
      problems.invalid(
          document.mark(), "", "must be a resource, an object, not " + document.describe());
      return;
    }
    Value.Mapping mapping = (Value.Mapping) document;
    String kind = text(mapping, "kind");
    if ("List".equals(kind) && "v1".equals(text(mapping, "apiVersion"))) {
      list(mapping);
    } else if (kind != null) {
      resource(mapping, kind);
    } else if (!mapping.entries.containsKey("kind")) {
      problems.invalid(mapping.mark(), "kind", "is required, such as VirtualService");
    }
  }

  /** Kubernetes' {@code kind: List}, as {@code get -o yaml} prints it. */
  private void list(Value.Mapping mapping) {
    Value.Entry items = mapping.entries.get("items");
    if (items == null || !(items.value instanceof Value.Sequence)) {
      problems.invalid(mapping.mark(), "items", "is required: a list of resources");
      return;
    }
    for (Value item : ((Value.Sequence) items.value).elements) {
      document(item);
    }
  }

  private void resource(Value.Mapping mapping, String kindName) {
    int before = problems.count();
    int warned = problems.warningCount();
    ResourceKind kind = kind(mapping, kindName);
    if (kind == null) {
      return;
    }
    String apiVersion = apiVersion(mapping, kind);
    for (Value.Entry entry : mapping.entries.values()) {
      if (!TOP_FIELDS.contains(entry.key.text)) {
        unknownTopField(entry);
      }
    }
    Value.Entry metadata = mapping.entries.get("metadata");
    Metadata read = null;
    if (metadata == null) {
      problems.invalid(mapping.mark(), "metadata", "is required, with at least a name");
    } else {
      read = Metadata.read(metadata.value, defaultNamespace, problems);
    }
    Map<String, Object> spec = spec(mapping, kind);
    if (read != null && spec != null) {
      Conditions.check(kind, read, spec, mapping, problems);
    }
    if (problems.count() == before && apiVersion != null && read != null && spec != null) {
      add(
          new Resource(
              kind, apiVersion, read, spec, mapping.mark(), problems.warningsFrom(warned)));
    }
  }

  private void add(Resource resource) {
    String key = resource.kind() + "/" + resource.namespace() + "/" + resource.name();
    Mark first = seen.putIfAbsent(key, resource.mark());
    if (first != null) {
      problems.invalid(
          resource.mark(),
          "metadata.name",
          resource + " is in this text already, at " + first + "; keep one");
      return;
    }
    resources.add(resource);
  }

  private @Nullable ResourceKind kind(Value.Mapping mapping, String name) {
    for (ResourceKind each : ResourceKind.all()) {
      if (each.kind().equals(name)) {
        return each;
      }
    }
    Mark mark = markOf(mapping, "kind");
    if (OTHER_KINDS.contains(name)) {
      problems.notInForce(mark, "kind", name);
      return null;
    }
    List<String> known = new ArrayList<>();
    for (ResourceKind each : ResourceKind.all()) {
      known.add(each.kind());
    }
    String nearest = Nearest.to(name, known);
    problems.invalid(
        mark,
        "kind",
        "Weft has no kind \""
            + name
            + "\"; "
            + (nearest == null
                ? "it has " + String.join(", ", known)
                : "did you mean " + nearest + "?"));
    return null;
  }

  private @Nullable String apiVersion(Value.Mapping mapping, ResourceKind kind) {
    String text = text(mapping, "apiVersion");
    if (text == null && mapping.entries.containsKey("apiVersion")) {
      return null;
    }
    for (String version : kind.versions()) {
      if ((kind.group() + "/" + version).equals(text)) {
        return text;
      }
    }
    problems.invalid(
        markOf(mapping, "apiVersion"),
        "apiVersion",
        "must be "
            + kind.group()
            + "/"
            + String.join(" or " + kind.group() + "/", kind.versions())
            + " for a "
            + kind
            + (text == null ? "" : ", not \"" + text + '"'));
    return null;
  }

  @SuppressWarnings("unchecked") // an ObjectType reads a map by name, or null
  private @Nullable Map<String, Object> spec(Value.Mapping mapping, ResourceKind kind) {
    Value.Entry spec = mapping.entries.get("spec");
    // As in Istio one that is not there is empty, which some kinds may be.
    Value value = spec == null ? mapping.without(mapping.entries.keySet()) : spec.value;
    return (Map<String, Object>) kind.spec().read(value, "spec", problems);
  }

  private void unknownTopField(Value.Entry entry) {
    String nearest = Nearest.to(entry.key.text, TOP_FIELDS);
    problems.invalid(
        entry.key.mark(),
        entry.key.text,
        "is not a field of a resource"
            + (nearest == null ? "" : "; did you mean " + nearest + "?"));
  }

  /** Returns the text of a field, or null after a problem was added or when it is absent. */
  private @Nullable String text(Value.Mapping mapping, String field) {
    Value.Entry entry = mapping.entries.get(field);
    if (entry == null) {
      return null;
    }
    if (entry.value instanceof Value.Scalar && !((Value.Scalar) entry.value).isNull()) {
      return ((Value.Scalar) entry.value).text;
    }
    problems.invalid(entry.value.mark(), field, "must be a text, not " + entry.value.describe());
    return null;
  }

  private static Mark markOf(Value.Mapping mapping, String field) {
    Value.Entry entry = mapping.entries.get(field);
    return entry == null ? mapping.mark() : entry.value.mark();
  }
}
