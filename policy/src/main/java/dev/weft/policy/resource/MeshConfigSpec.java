package dev.weft.policy.resource;

import dev.weft.policy.snapshot.RetryPolicy;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a MeshConfig says. Immutable. */
public final class MeshConfigSpec {
  /** What holds where nobody says anything. */
  public static final MeshConfigSpec NONE = of(SpecFields.of(Collections.emptyMap()));

  /** The trust domain that the writer takes the mesh to have, or null. */
  public final @Nullable String trustDomain;

  /** Time to connect where no DestinationRule says one, in milliseconds; 0 for the client's own. */
  public final long connectTimeoutMillis;

  /** Time of a whole request where no rule says one, in milliseconds; 0 for none. */
  public final long timeoutMillis;

  /** Retries where no rule says any, or null for the usual ones. */
  public final @Nullable RetryPolicy retries;

  /** What policy may name, in the order of the document. */
  public final List<ExtensionProvider> providers;

  private MeshConfigSpec(SpecFields spec) {
    this.trustDomain = spec.optionalText("trustDomain");
    this.connectTimeoutMillis = spec.millis("connectTimeout", 0);
    this.timeoutMillis = spec.millis("defaultHttpTimeout", 0);
    this.retries = spec.optionalObject("defaultHttpRetryPolicy", HttpRoutes::retries);
    this.providers =
        Collections.unmodifiableList(spec.objects("extensionProviders", ExtensionProvider::of));
  }

  static MeshConfigSpec of(SpecFields spec) {
    return new MeshConfigSpec(spec);
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
