package dev.weft.analysis;

import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.ResourceReader;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * IST0106: what apply would refuse as wrong. What is right and not in force yet is told as well,
 * without a code, since Istio knows no such thing. Kinds that Weft does not have are left out: what
 * others apply may stand beside policy.
 */
final class SchemaFindings {
  private SchemaFindings() {}

  static void add(
      String file,
      byte[] text,
      List<Document> documents,
      Defaults defaults,
      List<Finding> findings) {
    ReadResult read = ResourceReader.read(file, text, defaults.namespace());
    for (Resource resource : read.resources()) {
      for (Problem warning : resource.warnings()) {
        findings.add(
            new Finding(
                "",
                Finding.Level.WARNING,
                resource.kind() + " " + resource.namespace() + "/" + resource.name(),
                file,
                warning.mark,
                warning.field + ": " + warning.message));
      }
    }
    for (Problem problem : read.problems()) {
      Document document = at(problem, documents);
      if (document != null && (document.kind().equals(Kinds.MESH_CONFIG) || !isKnown(document))) {
        continue;
      }
      boolean wrong = problem.code != Problem.Code.NOT_IN_FORCE;
      String field = problem.field.isEmpty() ? "" : problem.field + ": ";
      findings.add(
          new Finding(
              wrong ? "IST0106" : "",
              wrong ? Finding.Level.ERROR : Finding.Level.WARNING,
              document == null ? "" : document.reference(),
              file,
              problem.mark,
              (wrong ? "Schema validation error: " : "") + field + problem.message));
    }
  }

  private static boolean isKnown(Document document) {
    return ResourceKind.all().stream().anyMatch(kind -> kind.kind().equals(document.shortKind()));
  }

  /** The last document that begins before the problem; null when the text is no YAML. */
  private static @Nullable Document at(Problem problem, List<Document> documents) {
    Document found = null;
    for (Document document : documents) {
      if (document.root().mark().line <= problem.mark.line) {
        found = document;
      }
    }
    return problem.code == Problem.Code.SYNTAX ? null : found;
  }
}
