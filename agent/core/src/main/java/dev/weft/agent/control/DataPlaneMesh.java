package dev.weft.agent.control;

import dev.weft.dataplane.identity.Svid;
import dev.weft.dataplane.identity.SvidRequest;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.Snapshot;
import java.net.URI;
import java.security.GeneralSecurityException;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * The real data plane behind {@link MeshState}. Trust has two sources, the answer to a certificate
 * request and the snapshot; the later one counts, so that a changed bundle or a withdrawn identity
 * takes effect with the snapshot.
 */
public final class DataPlaneMesh implements MeshState {

  private static final int URI_NAME = 6;

  private final TransportSecurity transport;
  private final Consumer<Snapshot> snapshots;
  private final Function<Map<?, ?>, Map<String, Object>> explain;
  private @Nullable Credentials credentials;
  private Set<String> withdrawn = Collections.emptySet();

  private DataPlaneMesh(
      TransportSecurity transport,
      Consumer<Snapshot> snapshots,
      Function<Map<?, ?>, Map<String, Object>> explain) {
    this.transport = transport;
    this.snapshots = snapshots;
    this.explain = explain;
  }

  /**
   * Drives these.
   *
   * @param snapshots puts a snapshot in force, or throws and leaves the one before
   * @param explain answers {@link #explain}
   */
  public static DataPlaneMesh of(
      TransportSecurity transport,
      Consumer<Snapshot> snapshots,
      Function<Map<?, ?>, Map<String, Object>> explain) {
    return new DataPlaneMesh(transport, snapshots, explain);
  }

  @Override
  public Map<String, Object> explain(Map<?, ?> question) {
    return explain.apply(question);
  }

  @Override
  public KeyRequest newKey() throws GeneralSecurityException {
    SvidRequest request = SvidRequest.create();
    return KeyRequest.of(request.keys().getPrivate(), request.der());
  }

  @Override
  public synchronized void identity(Credentials fresh) throws GeneralSecurityException {
    update(fresh, withdrawn);
  }

  @Override
  public synchronized void snapshot(Snapshot snapshot) throws GeneralSecurityException {
    List<X509Certificate> roots = Credentials.certificates(snapshot.trustBundle);
    Set<String> nowWithdrawn = new HashSet<>(snapshot.withdrawn);
    snapshots.accept(snapshot);
    Credentials current = credentials;
    if (current == null) {
      withdrawn = nowWithdrawn;
      return;
    }
    Credentials trusting =
        roots.isEmpty() || roots.equals(current.bundle()) ? current : current.withBundle(roots);
    // A new trust generation costs every pooled connection; most snapshots change no trust.
    if (trusting != current || !nowWithdrawn.equals(withdrawn)) {
      update(trusting, nowWithdrawn);
    }
  }

  private void update(Credentials presented, Set<String> nowWithdrawn)
      throws GeneralSecurityException {
    transport.update(
        Svid.of(presented.key(), presented.chain()),
        trustDomain(presented.leaf()),
        presented.bundle(),
        nowWithdrawn);
    credentials = presented;
    withdrawn = nowWithdrawn;
  }

  private static String trustDomain(X509Certificate leaf) throws CertificateException {
    Collection<List<?>> names = leaf.getSubjectAlternativeNames();
    if (names != null) {
      for (List<?> name : names) {
        if (Integer.valueOf(URI_NAME).equals(name.get(0))) {
          String domain = URI.create((String) name.get(1)).getAuthority();
          if (domain != null) {
            return domain;
          }
        }
      }
    }
    throw new CertificateException("the certificate names no workload");
  }
}
