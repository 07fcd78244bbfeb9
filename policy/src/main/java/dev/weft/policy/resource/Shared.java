package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import org.jspecify.annotations.Nullable;

/** Types that several kinds share. */
final class Shared {
  static final Type PORT = Scalars.integer(1, 65535);
  static final Type COUNT = Scalars.integer(0, Integer.MAX_VALUE);

  /** A uint32 of Istio's. */
  static final Type LONG_COUNT = Scalars.integer(0, 4_294_967_295L);

  static final Type DURATION = Scalars.duration(Checks::positiveDuration);
  static final Type DURATION_OR_ZERO = Scalars.duration(Checks::duration);
  static final Type OPTIONAL_SUBSET =
      Scalars.text("the name of a subset", text -> text.isEmpty() ? null : Checks.dnsLabel(text));
  static final Type SUBSET_NAME = Scalars.text("the name of a subset", Checks::dnsLabel);

  /** Names in the certificates of servers. */
  static final Type SUBJECT_ALT_NAMES =
      ListType.of(Scalars.text("a name in a certificate", Checks::notEmpty));

  static final Type LABELS =
      MapType.of("label key", Checks::labelKey, Scalars.text("a text", Checks::wantedLabelValue));

  private static final Type SELECTED_LABELS =
      MapType.of(
          "label key",
          key -> key.isEmpty() ? "must not be empty" : Checks.selectorText(key),
          Scalars.text("a text", Shared::selectedValue));

  /** Istio WorkloadSelector of the security kinds. */
  static final Type SELECTOR =
      ObjectType.of("selector").field("matchLabels", SELECTED_LABELS).build();

  /** Istio WorkloadSelector of the networking kinds. */
  static final Type WORKLOAD_SELECTOR =
      ObjectType.of("workloadSelector").field("labels", SELECTED_LABELS).build();

  private Shared() {}

  private static @Nullable String selectedValue(String text) {
    return text.length() <= 63
        ? Checks.selectorText(text)
        : "must have at most 63 characters, not " + text.length();
  }
}
