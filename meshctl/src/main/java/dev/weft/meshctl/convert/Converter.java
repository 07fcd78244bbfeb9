package dev.weft.meshctl.convert;

import dev.weft.policy.document.Problem;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.document.YamlReader;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * Turns policy of Consul, Linkerd and AWS App Mesh into Istio's kinds. Stateless.
 *
 * <p>What has no counterpart is a comment in front of the resource. Where that is part of who may
 * call whom, the result lets in less than the original, never more.
 */
public final class Converter {
  /** Which mesh a document is written for. */
  public enum Mesh {
    CONSUL,
    LINKERD,
    APPMESH
  }

  /** A document and where it stands. */
  record Source(String file, Foreign root) {
    String place() {
      return file + ":" + root.mark();
    }
  }

  /**
   * What came of it.
   *
   * @param text the resources as YAML, with comments
   * @param problems why a text could not be read; then there is nothing else
   */
  public record Result(String text, int resources, int gaps, List<String> problems) {}

  private Converter() {}

  /**
   * Converts all texts together.
   *
   * @param texts YAML or JSON by file name
   * @param namespace of what names none
   */
  public static Result convert(Mesh mesh, Map<String, byte[]> texts, String namespace) {
    List<Source> sources = new ArrayList<>();
    List<String> problems = new ArrayList<>();
    texts.forEach(
        (file, utf8) -> {
          Problems found = Problems.in(file);
          for (Value value : YamlReader.read(utf8, found)) {
            add(file, value, sources, found);
          }
          found.list().stream().map(Problem::toString).forEach(problems::add);
        });
    if (!problems.isEmpty()) {
      return new Result("", 0, 0, problems);
    }
    Converted converted = new Converted();
    switch (mesh) {
      case CONSUL -> new Consul(sources, namespace, converted).convert();
      case LINKERD -> new Linkerd(sources, namespace, converted).convert();
      case APPMESH -> new AppMesh(sources, converted).convert();
    }
    return new Result(converted.text(), converted.resources(), converted.gaps(), List.of());
  }

  /** Lists, as tools print them, count as their elements. */
  private static void add(String file, Value value, List<Source> sources, Problems problems) {
    if (value instanceof Value.Sequence sequence) {
      sequence.elements.forEach(element -> add(file, element, sources, problems));
      return;
    }
    if (!(value instanceof Value.Mapping)) {
      problems.invalid(
          value.mark(),
          "",
          "must be an object in JSON or YAML; HCL is not read, and consul config read prints JSON");
      return;
    }
    Foreign root = Foreign.of(value);
    if (root.text("kind").equals("List") && value instanceof Value.Mapping mapping) {
      Value.Entry items = mapping.entries.get("items");
      if (items != null) {
        add(file, items.value, sources, problems);
      }
      return;
    }
    sources.add(new Source(file, root));
  }

  /** Notes everything of a document that nobody asked for. */
  static void gaps(Source source, Converted converted) {
    List<String> unread = new ArrayList<>();
    source.root().unread(unread);
    unread.forEach(path -> converted.gap(path + " (" + source.file() + ")"));
  }

  /** Notes a document that is not converted at all. */
  static void unknown(Source source, String what, Converted converted) {
    converted.gap(source.place() + ": " + what + " has no counterpart");
  }
}
