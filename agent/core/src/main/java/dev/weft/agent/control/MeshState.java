package dev.weft.agent.control;

import dev.weft.policy.snapshot.Snapshot;
import java.security.GeneralSecurityException;
import java.security.PrivateKey;
import java.util.Map;

/**
 * The data plane as the control client drives it. Called on threads of the agent only, by one at a
 * time.
 */
public interface MeshState {

  /** A new key and the request for its certificate. */
  KeyRequest newKey() throws GeneralSecurityException;

  /**
   * Puts an identity in force for all new connections, at once.
   *
   * @throws GeneralSecurityException when it cannot be used; the one before stays
   */
  void identity(Credentials svid) throws GeneralSecurityException;

  /**
   * Puts a snapshot in force.
   *
   * @throws RuntimeException when it cannot be compiled; the one before stays, and its message is
   *     reported
   */
  void snapshot(Snapshot snapshot) throws GeneralSecurityException;

  /**
   * What the data plane would do with a request, and why; changes nothing.
   *
   * @param question as {@code DataPlane.explain} takes it
   * @throws RuntimeException when there is no answer; its message is reported
   */
  Map<String, Object> explain(Map<?, ?> question);

  /** A private key and the PKCS#10 request that goes with it. Immutable. */
  final class KeyRequest {
    private final PrivateKey key;
    private final byte[] csr;

    private KeyRequest(PrivateKey key, byte[] csr) {
      this.key = key;
      this.csr = csr;
    }

    /** A request in DER form and its key. */
    public static KeyRequest of(PrivateKey key, byte[] csr) {
      return new KeyRequest(key, csr.clone());
    }

    PrivateKey key() {
      return key;
    }

    byte[] csr() {
      return csr.clone();
    }
  }
}
