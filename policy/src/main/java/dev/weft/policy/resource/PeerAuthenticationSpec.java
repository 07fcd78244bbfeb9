package dev.weft.policy.resource;

import dev.weft.policy.snapshot.MtlsMode;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a PeerAuthentication says. Immutable. */
public final class PeerAuthenticationSpec {
  /** Labels that a workload must carry; empty selects the namespace, or the mesh from the root. */
  public final Map<String, String> selector;

  /** Mode, or null to inherit it from the namespace or the mesh. */
  public final @Nullable MtlsMode mode;

  /** Modes of single ports; a port that inherits is left out. */
  public final Map<Integer, MtlsMode> portModes;

  private PeerAuthenticationSpec(
      Map<String, String> selector, @Nullable MtlsMode mode, Map<Integer, MtlsMode> portModes) {
    this.selector = Collections.unmodifiableMap(selector);
    this.mode = mode;
    this.portModes = Collections.unmodifiableMap(portModes);
  }

  static PeerAuthenticationSpec of(SpecFields spec) {
    Map<Integer, MtlsMode> ports = new LinkedHashMap<>();
    for (Map.Entry<String, SpecFields> entry :
        spec.objectMap("portLevelMtls", mtls -> mtls).entrySet()) {
      MtlsMode mode = mode(entry.getValue());
      if (mode != null) {
        ports.put(Integer.valueOf(entry.getKey()), mode);
      }
    }
    return new PeerAuthenticationSpec(
        spec.object("selector").textMap("matchLabels"), mode(spec.object("mtls")), ports);
  }

  private static @Nullable MtlsMode mode(SpecFields mtls) {
    String mode = mtls.text("mode", "UNSET");
    return mode.equals("UNSET") ? null : MtlsMode.valueOf(mode);
  }
}
