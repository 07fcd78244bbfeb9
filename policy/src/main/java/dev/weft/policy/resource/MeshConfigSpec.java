package dev.weft.policy.resource;

import dev.weft.policy.snapshot.OutboundTrafficPolicy;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.TelemetryPolicy;
import dev.weft.policy.snapshot.TelemetrySide;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a MeshConfig says. Immutable. */
public final class MeshConfigSpec {
  /** What holds where nobody says anything. */
  public static final MeshConfigSpec NONE = of(SpecFields.of(Collections.emptyMap()));

  /** The trust domain that the writer takes the mesh to have, or null. */
  public final @Nullable String trustDomain;

  /** What becomes of calls to hosts that the mesh does not know, where no Sidecar says it. */
  public final OutboundTrafficPolicy outbound;

  /** Time to connect where no DestinationRule says one, in milliseconds; 0 for the client's own. */
  public final long connectTimeoutMillis;

  /** Time of a whole request where no rule says one, in milliseconds; 0 for none. */
  public final long timeoutMillis;

  /** Retries where no rule says any, or null for the usual ones. */
  public final @Nullable RetryPolicy retries;

  /** Whether there is an access log, or null to leave that to the agents' own settings. */
  public final @Nullable Boolean accessLog;

  /** What policy may name, in the order of the document. */
  public final List<ExtensionProvider> providers;

  private MeshConfigSpec(SpecFields spec) {
    this.trustDomain = spec.optionalText("trustDomain");
    this.outbound =
        OutboundTrafficPolicy.valueOf(
            spec.object("outboundTrafficPolicy").text("mode", "ALLOW_ANY"));
    this.connectTimeoutMillis = spec.millis("connectTimeout", 0);
    this.timeoutMillis = spec.millis("defaultHttpTimeout", 0);
    this.retries = spec.optionalObject("defaultHttpRetryPolicy", HttpRoutes::retries);
    this.accessLog =
        spec.has("accessLogFile") ? (Boolean) !spec.text("accessLogFile", "").isEmpty() : null;
    this.providers =
        Collections.unmodifiableList(spec.objects("extensionProviders", ExtensionProvider::of));
  }

  static MeshConfigSpec of(SpecFields spec) {
    return new MeshConfigSpec(spec);
  }

  /** Returns what telemetry does where no Telemetry says anything. */
  public TelemetryPolicy telemetry() {
    Boolean log = accessLog;
    if (log == null) {
      return TelemetryPolicy.builder().build();
    }
    TelemetrySide side =
        TelemetrySide.builder().log(log ? TelemetrySide.Log.ON : TelemetrySide.Log.OFF).build();
    return TelemetryPolicy.builder().client(side).server(side).build();
  }

  /** Returns the provider of that name, or null. */
  public @Nullable ExtensionProvider provider(String name) {
    for (ExtensionProvider each : providers) {
      if (each.name.equals(name)) {
        return each;
      }
    }
    return null;
  }
}
