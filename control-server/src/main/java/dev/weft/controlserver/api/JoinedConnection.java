package dev.weft.controlserver.api;

import com.linecorp.armeria.common.logging.RequestLogProperty;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.weft.controlserver.ca.IssuedCertificate;
import io.netty.channel.Channel;
import io.netty.util.AttributeKey;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import org.jspecify.annotations.Nullable;

/**
 * Remembers which certificate was issued over a connection, so that the agent that joined by it
 * need not shake hands again to be known (docs/adr/0009). Bound to the connection, never to its TLS
 * session: a resumed session starts without it. Thread-safe.
 */
final class JoinedConnection {
  private static final AttributeKey<IssuedCertificate> ISSUED =
      AttributeKey.valueOf(JoinedConnection.class, "issued");
  private static final Certificate[] NONE = {};

  private JoinedConnection() {}

  /**
   * Takes what follows on the connection of {@code context} for requests of the owner of {@code
   * issued}, who has just proved to hold the join token and the key.
   *
   * @return false when the connection is not known, and nothing was remembered
   */
  static boolean bind(ServiceRequestContext context, IssuedCertificate issued) {
    Channel channel = channel(context);
    if (channel == null) {
      return false;
    }
    channel.attr(ISSUED).set(issued);
    return true;
  }

  /** The certificate issued over this connection last, and its issuer; empty when there is none. */
  static Certificate[] chain(ServiceRequestContext context) {
    Channel channel = channel(context);
    IssuedCertificate issued = channel == null ? null : channel.attr(ISSUED).get();
    return issued == null ? NONE : issued.chain().toArray(new X509Certificate[0]);
  }

  private static @Nullable Channel channel(ServiceRequestContext context) {
    return context.log().isAvailable(RequestLogProperty.SESSION)
        ? context.log().ensureAvailable(RequestLogProperty.SESSION).channel()
        : null;
  }
}
