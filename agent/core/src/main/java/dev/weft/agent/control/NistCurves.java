package dev.weft.agent.control;

import java.security.AlgorithmConstraints;
import java.security.AlgorithmParameters;
import java.security.CryptoPrimitive;
import java.security.Key;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Keeps key agreement to the curves that the certificates use as well. JSSE otherwise makes a key
 * on X25519 beside the one on P-256 for every handshake, or one of the finite field groups where
 * that curve is forbidden, and the arithmetic of a second field has to become hot while an
 * application starts (docs/adr/0009). What the JVM's own configuration forbids stays forbidden.
 * Immutable.
 */
final class NistCurves implements AlgorithmConstraints {
  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives, String algorithm, @Nullable AlgorithmParameters parameters) {
    // The group's name in one question, the algorithm's in the other (RFC 8446, 4.2.7).
    return !(algorithm.regionMatches(true, 0, "x25519", 0, 6)
        || algorithm.regionMatches(true, 0, "x448", 0, 4)
        || algorithm.equalsIgnoreCase("XDH")
        || algorithm.regionMatches(true, 0, "ffdhe", 0, 5)
        || algorithm.equalsIgnoreCase("DiffieHellman"));
  }

  @Override
  public boolean permits(Set<CryptoPrimitive> primitives, Key key) {
    return true;
  }

  @Override
  public boolean permits(
      Set<CryptoPrimitive> primitives,
      String algorithm,
      Key key,
      @Nullable AlgorithmParameters parameters) {
    return permits(primitives, algorithm, parameters);
  }
}
