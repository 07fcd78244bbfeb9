package dev.weft.policy.resource;

import dev.weft.policy.JsonTree;
import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problem;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.DumperOptions;
import org.yaml.snakeyaml.Yaml;

/**
 * A resource of the policy language that has passed its schema. Immutable.
 *
 * <p>The spec is kept as it was written, field by field; {@link #spec(Class)} gives the view that
 * the compiler works with.
 */
public final class Resource {
  private final ResourceKind kind;
  private final String apiVersion;
  private final Metadata metadata;
  private final Map<String, Object> spec;
  private final Object view;
  private final Mark mark;
  private final List<Problem> warnings;

  Resource(
      ResourceKind kind,
      String apiVersion,
      Metadata metadata,
      Map<String, Object> spec,
      Mark mark,
      List<Problem> warnings) {
    this.kind = kind;
    this.apiVersion = apiVersion;
    this.metadata = metadata;
    this.spec = Collections.unmodifiableMap(spec);
    this.view =
        kind.view(SpecFields.of(spec, metadata.annotations), metadata.namespace, metadata.name);
    this.mark = mark;
    this.warnings = warnings;
  }

  /** Returns the kind. */
  public ResourceKind kind() {
    return kind;
  }

  /** Returns group and version as written. */
  public String apiVersion() {
    return apiVersion;
  }

  /** Returns the namespace, the caller's default where the document names none. */
  public String namespace() {
    return metadata.namespace;
  }

  /** Returns the name, unique within kind and namespace. */
  public String name() {
    return metadata.name;
  }

  /** Returns the labels of the resource itself. */
  public Map<String, String> labels() {
    return metadata.labels;
  }

  /** Returns the annotations. */
  public Map<String, String> annotations() {
    return metadata.annotations;
  }

  /** Returns whether the resource is to be tried only, which an AuthorizationPolicy can be. */
  public boolean isDryRun() {
    return metadata.isDryRun();
  }

  /** Returns the spec as maps, lists, texts, numbers and flags. */
  public Map<String, Object> spec() {
    return spec;
  }

  /**
   * Returns the typed view, such as {@link VirtualServiceSpec}.
   *
   * @throws ClassCastException when the kind has another view
   */
  public <T> T spec(Class<T> type) {
    return type.cast(view);
  }

  /** Returns where the document began in the text it was read from. */
  public Mark mark() {
    return mark;
  }

  /**
   * Returns what is accepted without having an effect, in the order of the text, with places in the
   * text that the resource was read from.
   */
  public List<Problem> warnings() {
    return warnings;
  }

  /** Returns whether labels, annotations, version and spec are the same as the other's. */
  public boolean sameContent(Resource other) {
    return toMap().equals(other.toMap());
  }

  /** Returns the resource as a tree, in the order in which kubectl prints it. */
  public Map<String, Object> toMap() {
    return toMap(null, null);
  }

  /** Returns the resource as a tree with what a store knows of it; null leaves a field out. */
  public Map<String, Object> toMap(
      @Nullable String creationTimestamp, @Nullable String resourceVersion) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("apiVersion", apiVersion);
    map.put("kind", kind.kind());
    map.put("metadata", metadata.toMap(creationTimestamp, resourceVersion));
    map.put("spec", spec);
    return map;
  }

  /** Returns {@link #toMap()} as JSON, which {@link ResourceReader} reads back. */
  public String toJson() {
    return JsonTree.STANDARD.text(toMap());
  }

  /** Returns {@link #toMap()} as YAML, which {@link ResourceReader} reads back. */
  public String toYaml() {
    return toYaml(toMap());
  }

  /** Returns a tree of plain Java values as a YAML document. */
  public static String toYaml(Map<String, Object> tree) {
    DumperOptions options = new DumperOptions();
    options.setDefaultFlowStyle(DumperOptions.FlowStyle.BLOCK);
    options.setSplitLines(false);
    options.setDereferenceAliases(true);
    return new Yaml(options).dump(tree);
  }

  /** Returns {@code virtualservice.networking.istio.io/orders}. */
  @Override
  public String toString() {
    return kind.qualifiedSingular() + "/" + metadata.name;
  }
}
