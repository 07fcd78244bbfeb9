package dev.weft.controlserver.api;

import com.linecorp.armeria.common.TlsKeyPair;
import com.linecorp.armeria.common.TlsProvider;
import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.ca.ServerIdentity;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;

/**
 * The server's own certificate, replaced in place when half of its life is over or the roots
 * change. Connections that are open keep the one they were made with. Thread-safe.
 */
public final class ServerTls implements TlsProvider {
  private final CertificateAuthority authority;
  private final List<String> names;
  private final Duration life;
  private final Clock clock;
  private volatile Current current;

  private record Current(
      ServerIdentity identity, List<X509Certificate> roots, TlsKeyPair pair, Instant replaceAt) {}

  public ServerTls(CertificateAuthority authority, List<String> names, Duration life, Clock clock) {
    this.authority = authority;
    this.names = List.copyOf(names);
    this.life = life;
    this.clock = clock;
    this.current = issue();
  }

  @Override
  public TlsKeyPair keyPair(String hostname) {
    Current now = current;
    if (isGood(now)) {
      return now.pair();
    }
    return renewed().pair();
  }

  private synchronized Current renewed() {
    if (!isGood(current)) {
      current = issue();
    }
    return current;
  }

  private boolean isGood(Current now) {
    return clock.instant().isBefore(now.replaceAt())
        && now.identity().chain().get(1).equals(authority.intermediate())
        && now.roots().equals(authority.roots());
  }

  public X509Certificate certificate() {
    return current.identity().leaf();
  }

  private Current issue() {
    List<X509Certificate> roots = authority.roots();
    ServerIdentity identity = authority.issueServer(names, life);
    Instant end = identity.leaf().getNotAfter().toInstant();
    Duration left = Duration.between(clock.instant(), end);
    return new Current(
        identity,
        roots,
        TlsKeyPair.of(identity.key(), identity.chain()),
        clock.instant().plus(left.dividedBy(2)));
  }
}
