package dev.weft.controlserver;

import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;

/**
 * What policy about requests of end users needs of this server.
 *
 * @param keyOrigins where keys of issuers may be fetched from: {@code https://host[:port]}, with
 *     {@code *.} before the host for all below it, or the same with {@code http} for one that has
 *     no TLS
 * @param keyFiles files that stand in for addresses of keys
 * @param keyRefresh how often keys are fetched again
 * @param trustedProxies how many proxies before each workload are believed about who called them
 */
public record EndUserSettings(
    List<String> keyOrigins, Map<String, Path> keyFiles, Duration keyRefresh, int trustedProxies) {
  /** Settings as the command line has them when nothing is given: no key is fetched anywhere. */
  public static final EndUserSettings DEFAULT =
      new EndUserSettings(List.of(), Map.of(), Duration.ofMinutes(20), 0);

  public EndUserSettings {
    keyOrigins = List.copyOf(keyOrigins);
    keyFiles = Map.copyOf(keyFiles);
  }
}
