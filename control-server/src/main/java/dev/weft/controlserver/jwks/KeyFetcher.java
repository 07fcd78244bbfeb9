package dev.weft.controlserver.jwks;

import dev.weft.policy.snapshot.JwtKey;
import java.util.List;

/** Gets the keys of an issuer. Thread-safe; may block as long as the source's timeout says. */
@FunctionalInterface
interface KeyFetcher {
  /**
   * @throws KeyFetchException with the reason for the operator
   */
  List<JwtKey> fetch(KeySource source) throws KeyFetchException, InterruptedException;
}
