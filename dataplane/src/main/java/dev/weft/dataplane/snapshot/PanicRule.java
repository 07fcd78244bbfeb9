package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.resilience.OutlierSettings;
import org.jspecify.annotations.Nullable;

/** When so few endpoints are healthy that calls go to all of them again. Immutable. */
final class PanicRule {
  private final @Nullable OutlierSettings outliers;
  private final boolean checked;

  /**
   * A rule.
   *
   * @param outliers when endpoints are ejected, null for never
   * @param checked whether endpoints are asked whether they are well
   */
  PanicRule(@Nullable OutlierSettings outliers, boolean checked) {
    this.outliers = outliers;
    this.checked = checked;
  }

  boolean panics(int size, int out) {
    OutlierSettings settings = outliers;
    if (settings != null) {
      return settings.panics(size, out);
    }
    // Envoy's own threshold, of which Istio says nothing where it detects no outliers.
    return checked && out * 2 > size;
  }
}
