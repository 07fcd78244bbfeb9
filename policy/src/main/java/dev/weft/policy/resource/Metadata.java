package dev.weft.policy.resource;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Name, namespace, labels and annotations of a resource. Immutable. */
final class Metadata {
  static final String DRY_RUN = "istio.io/dry-run";

  /** What Istio reads as true (Go's {@code strconv.ParseBool}). */
  static final List<String> TRUE_WORDS =
      Collections.unmodifiableList(Arrays.asList("1", "t", "T", "TRUE", "true", "True"));

  static final List<String> FALSE_WORDS =
      Collections.unmodifiableList(Arrays.asList("0", "f", "F", "FALSE", "false", "False"));

  /**
   * Fields that a server writes: they come back with {@code get -o yaml} and say nothing about what
   * the user wants, so that they are left aside as Kubernetes does.
   */
  static final Set<String> SERVER_FIELDS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "creationTimestamp",
                  "resourceVersion",
                  "uid",
                  "generation",
                  "selfLink",
                  "managedFields")));

  private static final Type NAMESPACE = Scalars.text("a namespace", Checks::dnsLabel);
  private static final Type TEXTS_BY_KEY =
      MapType.of("annotation key", Checks::labelKey, Scalars.text());
  private static final ObjectType TYPE =
      ObjectType.of("metadata")
          .required("name", Scalars.text("a name", Checks::objectName))
          .field("namespace", NAMESPACE)
          .field(
              "labels",
              MapType.of("label key", Checks::labelKey, Scalars.text("a text", Checks::labelValue)))
          .field("annotations", TEXTS_BY_KEY)
          .refused("generateName", "naming by the server")
          .refused("ownerReferences", "ownership between resources")
          .refused("finalizers", "finalizers")
          .refused("deletionTimestamp", "deletion through apply")
          .refused("deletionGracePeriodSeconds", "deletion through apply")
          .build();

  final String name;
  final String namespace;
  final Map<String, String> labels;
  final Map<String, String> annotations;

  private Metadata(SpecFields fields, String defaultNamespace) {
    this.name = fields.text("name", "");
    this.namespace = fields.text("namespace", defaultNamespace);
    this.labels = Collections.unmodifiableMap(fields.textMap("labels"));
    this.annotations = Collections.unmodifiableMap(fields.textMap("annotations"));
  }

  /** Reads the object under {@code metadata}; returns null when problems were added. */
  static @Nullable Metadata read(Value value, String defaultNamespace, Problems problems) {
    int before = problems.count();
    Object read = TYPE.read(withoutServerFields(value), "metadata", problems);
    if (read == null || problems.count() > before) {
      return null;
    }
    return new Metadata(SpecFields.of((Map<?, ?>) read), defaultNamespace);
  }

  private static Value withoutServerFields(Value value) {
    if (!(value instanceof Value.Mapping)) {
      return value;
    }
    List<String> dropped = new ArrayList<>(SERVER_FIELDS);
    Value.Mapping mapping = (Value.Mapping) value;
    for (String optional : Arrays.asList("labels", "annotations", "namespace")) {
      Value.Entry entry = mapping.entries.get(optional);
      // What kubectl writes for "none".
      if (entry != null && entry.value.describe().equals("nothing")) {
        dropped.add(optional);
      }
    }
    return mapping.without(dropped);
  }

  /** Whether the resource is to be tried only ({@code istio.io/dry-run}). */
  boolean isDryRun() {
    return TRUE_WORDS.contains(annotations.get(DRY_RUN));
  }

  Map<String, Object> toMap(@Nullable String creationTimestamp, @Nullable String resourceVersion) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("namespace", namespace);
    if (!labels.isEmpty()) {
      map.put("labels", labels);
    }
    if (!annotations.isEmpty()) {
      map.put("annotations", annotations);
    }
    if (creationTimestamp != null) {
      map.put("creationTimestamp", creationTimestamp);
    }
    if (resourceVersion != null) {
      map.put("resourceVersion", resourceVersion);
    }
    return map;
  }
}
