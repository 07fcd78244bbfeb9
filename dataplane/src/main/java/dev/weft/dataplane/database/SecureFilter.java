package dev.weft.dataplane.database;

import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.DatabaseTls;
import org.jspecify.annotations.Nullable;

/** Says what has to secure the connection; without an identity of ours that is refused. */
final class SecureFilter implements DatabaseFilter {
  private final TransportSecurity transport;

  SecureFilter(TransportSecurity transport) {
    this.transport = transport;
  }

  @Override
  public DatabaseStage stage() {
    return DatabaseStage.SECURE;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    DatabaseTls mode = exchange.target.document().tls;
    ConnectAttempt attempt = exchange.attempt;
    if (mode == DatabaseTls.NONE || attempt == null) {
      return null;
    }
    if (attempt.host().isEmpty()) {
      return refuse(exchange, "a database without a host cannot be reached by TLS");
    }
    if (!transport.ready()) {
      return refuse(
          exchange,
          "TLS to "
              + exchange.address()
              + " needs an identity, and this agent has none yet: is the control server up?");
    }
    HostState host = attempt.hostState();
    attempt.secure(
        mode,
        ClientTls.of(
            attempt.host(),
            host == null ? null : host.document().spiffeId,
            transport.generation()));
    return null;
  }

  private static DatabaseRejection refuse(DatabaseExchange exchange, String reason) {
    return exchange.reject(DatabaseRejection.Kind.INSECURE, DatabaseStage.SECURE, "08001", reason);
  }
}
