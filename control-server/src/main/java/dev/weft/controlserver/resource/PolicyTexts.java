package dev.weft.controlserver.resource;

import dev.weft.controlserver.mesh.MeshView;
import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceReader;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;

/**
 * Several texts read as one policy: the resources of all, or everything that is wrong with any.
 * Immutable.
 */
public record PolicyTexts(List<Resource> resources, List<Problem> problems) {
  public PolicyTexts {
    resources = problems.isEmpty() ? List.copyOf(resources) : List.of();
    problems = List.copyOf(problems);
  }

  /** One text and what messages call it. */
  public static final class Text {
    private final String file;
    private final byte[] utf8;

    /** Keeps {@code utf8}, which must not be written to any more. */
    public Text(String file, byte[] utf8) {
      this.file = file;
      this.utf8 = utf8;
    }

    public String file() {
      return file;
    }

    /** Not to be written to. */
    public byte[] utf8() {
      return utf8;
    }
  }

  /**
   * Reads all.
   *
   * @param namespace of documents that name none
   * @param view the mesh that they are for
   */
  public static PolicyTexts read(List<Text> texts, String namespace, MeshView view) {
    List<Resource> resources = new ArrayList<>();
    List<Problem> problems = new ArrayList<>();
    Map<String, String> places = new HashMap<>();
    for (Text text : texts) {
      ReadResult read = ResourceReader.read(text.file, text.utf8, namespace);
      problems.addAll(read.problems());
      for (Resource resource : read.resources()) {
        MeshRules.Breach breach = MeshRules.check(resource, view);
        if (breach != null) {
          problems.add(invalid(text, resource, breach.field(), breach.message()));
        }
        String place = text.file + ":" + resource.mark();
        String first = places.putIfAbsent(StoredRecords.key(resource), place);
        if (first == null) {
          resources.add(resource);
        } else {
          problems.add(
              invalid(
                  text,
                  resource,
                  "metadata.name",
                  resource + " is in " + first + " already; keep one"));
        }
      }
    }
    return new PolicyTexts(resources, problems);
  }

  private static Problem invalid(Text text, Resource resource, String field, String message) {
    return Problem.of(Problem.Code.INVALID, text.file, resource.mark(), field, message);
  }

  public boolean accepted() {
    return problems.isEmpty();
  }
}
