package dev.weft.policy.resource;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.Arrays;
import java.util.Map;

/** Conditions that span metadata and spec. */
final class Conditions {
  private Conditions() {}

  static void check(
      ResourceKind kind,
      Metadata metadata,
      Map<String, Object> spec,
      Value.Mapping document,
      Problems problems) {
    Visibility.check(metadata.namespace, spec, document, problems);
    checkDryRun(kind, metadata, spec, document, problems);
    DestinationAnnotations.check(kind, metadata, document, problems);
  }

  private static void checkDryRun(
      ResourceKind kind,
      Metadata metadata,
      Map<String, Object> spec,
      Value.Mapping document,
      Problems problems) {
    String dryRun = metadata.annotations.get(Metadata.DRY_RUN);
    if (dryRun == null) {
      return;
    }
    Value.Entry entry = document.entries.get("metadata");
    Mark mark = entry == null ? document.mark() : entry.key.mark();
    String field = "metadata.annotations." + Metadata.DRY_RUN;
    Object action = spec.get("action");
    if (kind != ResourceKind.AUTHORIZATION_POLICY) {
      problems.invalid(mark, field, "is for AuthorizationPolicy only; remove it");
    } else if (action != null && !action.equals("ALLOW") && !action.equals("DENY")) {
      problems.invalid(mark, field, "is for the actions ALLOW and DENY only; remove it");
    } else if (!Arrays.asList("true", "false", "1", "0", "t", "f").contains(dryRun)) {
      problems.invalid(mark, field, "must be true or false, not \"" + dryRun + '"');
    }
  }
}
