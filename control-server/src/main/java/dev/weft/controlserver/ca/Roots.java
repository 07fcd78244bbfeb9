package dev.weft.controlserver.ca;

import java.security.cert.X509Certificate;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * The root that signs, and while it is being replaced, those before and after it. Immutable.
 *
 * @param signing the root above the intermediate
 * @param key of {@code signing}; null when it was taken off the machine
 * @param next the prepared root, trusted but not yet signing
 * @param old the root before, still trusted
 * @param bridge {@code signing} signed by {@code old}, for those who know the old one only
 * @param retired roots of before, trusted no more
 */
record Roots(
    X509Certificate signing,
    @Nullable Issuer key,
    @Nullable Issuer next,
    @Nullable X509Certificate old,
    @Nullable X509Certificate bridge,
    List<X509Certificate> retired) {

  RotationPhase phase() {
    if (next != null) {
      return RotationPhase.PREPARED;
    }
    return old == null ? RotationPhase.STABLE : RotationPhase.PROMOTED;
  }

  /** What the mesh trusts, the newest last. */
  List<X509Certificate> trusted() {
    List<X509Certificate> all = new ArrayList<>();
    if (old != null) {
      all.add(old);
    }
    all.add(signing);
    if (next != null) {
      all.add(next.certificate());
    }
    return all;
  }

  /** What the server sends after its leaf and intermediate, so that every token finds its root. */
  List<X509Certificate> proof() {
    return old == null || bridge == null ? List.of(signing) : List.of(signing, bridge, old);
  }
}
