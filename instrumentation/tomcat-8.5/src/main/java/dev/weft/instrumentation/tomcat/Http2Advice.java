package dev.weft.instrumentation.tomcat;

import net.bytebuddy.asm.Advice;
import org.apache.coyote.UpgradeProtocol;
import org.apache.coyote.http11.AbstractHttp11Protocol;
import org.jspecify.annotations.Nullable;

/**
 * On {@code AbstractHttp11Protocol.getNegotiatedProtocol}: what the application configured as
 * {@code h2c} answers to {@code h2}, too. A plaintext connector knows no protocol that TLS
 * negotiates, so nobody but us asks it for one.
 */
final class Http2Advice {
  private Http2Advice() {}

  @Advice.OnMethodExit(suppress = Throwable.class)
  static void exit(
      @Advice.This AbstractHttp11Protocol<?> protocol,
      @Advice.Argument(0) String name,
      @Advice.Return(readOnly = false) @Nullable UpgradeProtocol negotiated) {
    if (negotiated == null && "h2".equals(name)) {
      negotiated = protocol.getUpgradeProtocol("h2c");
    }
  }
}
