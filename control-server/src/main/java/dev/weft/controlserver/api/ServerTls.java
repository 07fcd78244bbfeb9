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
 * The server's own certificate, replaced in place when half of its life is over. Connections that
 * are open keep the one they were made with. Thread-safe.
 */
public final class ServerTls implements TlsProvider {
  private final CertificateAuthority authority;
  private final List<String> names;
  private final Duration life;
  private final Clock clock;
  private volatile Current current;

  private record Current(ServerIdentity identity, TlsKeyPair pair, Instant replaceAt) {}

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
    if (clock.instant().isBefore(now.replaceAt())) {
      return now.pair();
    }
    return renewed().pair();
  }

  private synchronized Current renewed() {
    if (!clock.instant().isBefore(current.replaceAt())) {
      current = issue();
    }
    return current;
  }

  public X509Certificate certificate() {
    return current.identity().leaf();
  }

  private Current issue() {
    ServerIdentity identity = authority.issueServer(names, life);
    Instant end = identity.leaf().getNotAfter().toInstant();
    Duration left = Duration.between(clock.instant(), end);
    return new Current(
        identity,
        TlsKeyPair.of(identity.key(), identity.chain()),
        clock.instant().plus(left.dividedBy(2)));
  }
}
