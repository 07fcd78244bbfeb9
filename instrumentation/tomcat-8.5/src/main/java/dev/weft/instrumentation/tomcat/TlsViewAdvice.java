package dev.weft.instrumentation.tomcat;

import net.bytebuddy.asm.Advice;
import org.apache.tomcat.util.net.SocketWrapperBase;

/**
 * On {@code getSslSupport} of both endpoints' socket wrappers: null on a connector without TLS of
 * its own, which is what Tomcat answers for plaintext. Versions of {@link
 * ChannelShape#SOCKET_AND_POOL} would ask our channel for an engine, and the connector for a TLS
 * implementation that it does not have.
 */
final class TlsViewAdvice {
  private TlsViewAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static boolean enter(@Advice.This SocketWrapperBase<?> socket) {
    return socket.getEndpoint().isSSLEnabled();
  }
}
