package dev.weft.policy.resource;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/** Conditions that span metadata and spec. */
final class Conditions {
  /** Annotations with which Istio's webhook takes nothing from users. */
  private static final List<String> RESERVED =
      Collections.unmodifiableList(
          Arrays.asList(
              "internal.istio.io/webhook-always-reject",
              "internal.istio.io/parents",
              "internal.istio.io/parent-namespace"));

  private Conditions() {}

  static void check(
      ResourceKind kind,
      Metadata metadata,
      Map<String, Object> spec,
      Value.Mapping document,
      Problems problems) {
    boolean choosesCallers =
        kind == ResourceKind.DESTINATION_RULE && spec.containsKey(DestinationRuleKind.SELECTOR);
    Visibility.check(metadata.namespace, choosesCallers, spec, document, problems);
    checkDryRun(kind, metadata, spec, document, problems);
    checkReserved(metadata, document, problems);
    DestinationAnnotations.check(kind, metadata, document, problems);
  }

  private static void checkReserved(Metadata metadata, Value.Mapping document, Problems problems) {
    for (String name : RESERVED) {
      if (metadata.annotations.containsKey(name)) {
        Value.Entry entry = document.entries.get("metadata");
        Mark mark = entry == null ? document.mark() : entry.key.mark();
        problems.invalid(
            mark, "metadata.annotations." + name, "is for Istio's own use; remove the annotation");
      }
    }
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
    } else if (!Metadata.TRUE_WORDS.contains(dryRun) && !Metadata.FALSE_WORDS.contains(dryRun)) {
      problems.invalid(mark, field, "must be true or false, not \"" + dryRun + '"');
    }
  }
}
