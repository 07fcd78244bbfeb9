package dev.weft.controlserver.jwks;

import dev.weft.policy.resource.RequestAuthenticationSpec;
import java.time.Duration;

/**
 * Where the keys of an issuer are to be had.
 *
 * @param address a URL as policy has it
 * @param issuer whose document it must be when that document only tells where the keys are (OpenID
 *     Connect Discovery), else empty
 * @param timeout of one request
 */
record KeySource(String address, String issuer, Duration timeout) {
  private static final Duration LONGEST = Duration.ofSeconds(30);

  static KeySource of(RequestAuthenticationSpec.Issuer issuer) {
    Duration timeout = Duration.ofMillis(issuer.timeoutMillis);
    return new KeySource(
        issuer.keySource(),
        issuer.jwksUri == null ? issuer.rule.issuer : "",
        timeout.compareTo(LONGEST) > 0 ? LONGEST : timeout);
  }

  /** The name of the keys, as {@link RequestAuthenticationSpec.Issuer#keyName} has it. */
  String name() {
    return issuer.isEmpty() ? address : address + " of " + issuer;
  }
}
