package dev.weft.controlserver.jwks;

import java.net.URI;
import java.net.URISyntaxException;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Servers that keys may be fetched from: those the operator of this server named, and no others,
 * whoever may write policy. Immutable.
 */
public final class KeyOrigins {
  private final List<Origin> origins;

  private KeyOrigins(List<Origin> origins) {
    this.origins = origins;
  }

  /** One that was named; {@code below} says that it stands for all hosts below it. */
  private record Origin(String scheme, String host, int port, boolean below) {
    boolean has(String otherScheme, String otherHost, int otherPort) {
      return scheme.equals(otherScheme)
          && port == otherPort
          && (below ? otherHost.endsWith("." + host) : otherHost.equals(host));
    }
  }

  /**
   * @throws IllegalArgumentException naming the one that is no origin
   */
  public static KeyOrigins of(List<String> texts) {
    List<Origin> origins = new ArrayList<>();
    for (String text : texts) {
      boolean below = text.contains("://*.");
      URI url = url(below ? text.replace("://*.", "://") : text);
      if (url == null || !url.getRawPath().isEmpty() || url.getRawQuery() != null) {
        throw new IllegalArgumentException(
            text + " is no origin: give https://host[:port], or https://*.domain");
      }
      origins.add(new Origin(scheme(url), host(url), port(url), below));
    }
    return new KeyOrigins(List.copyOf(origins));
  }

  /**
   * The address, when it may be asked.
   *
   * @throws KeyFetchException when it may not
   */
  URI require(String address) throws KeyFetchException {
    URI url = url(address);
    if (url == null) {
      throw new KeyFetchException(address + " is no http or https URL without credentials");
    }
    for (Origin origin : origins) {
      if (origin.has(scheme(url), host(url), port(url))) {
        return url;
      }
    }
    throw new KeyFetchException(
        address
            + " is not on a server that keys may be fetched from: start the control server with"
            + " --jwks-from "
            + scheme(url)
            + "://"
            + url.getRawAuthority()
            + " to allow it");
  }

  private static @Nullable URI url(String text) {
    try {
      URI url = new URI(text);
      boolean http = url.getScheme() != null && url.getHost() != null;
      return http
              && (scheme(url).equals("http") || scheme(url).equals("https"))
              && url.getRawUserInfo() == null
              && url.getRawFragment() == null
          ? url
          : null;
    } catch (URISyntaxException e) {
      return null;
    }
  }

  private static String scheme(URI url) {
    return url.getScheme().toLowerCase(Locale.ROOT);
  }

  private static String host(URI url) {
    return url.getHost().toLowerCase(Locale.ROOT);
  }

  private static int port(URI url) {
    return url.getPort() >= 0 ? url.getPort() : scheme(url).equals("https") ? 443 : 80;
  }
}
