package dev.weft.instrumentation.javahttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.ClientTls;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.outbound.Attempt;
import java.util.Arrays;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.jspecify.annotations.Nullable;

/** Makes the TLS engine of an attempt, with the mesh identity instead of the client context. */
public final class EngineHook extends MeshHook {
  /** For the hook loader. */
  public EngineHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self,
      @Nullable Object peerHost,
      @Nullable Object parameters,
      @Nullable Object c) {
    Attempt attempt = Attempts.NAMES.named((String) peerHost);
    ClientTls tls = attempt == null ? null : attempt.tls();
    if (attempt == null || tls == null) {
      return Permit.GRANTED;
    }
    String[] asked =
        parameters == null ? null : ((SSLParameters) parameters).getApplicationProtocols();
    boolean http2 = asked != null && Arrays.asList(asked).contains(Alpn.HTTP_2);
    TransportSecurity transport = context().dataPlane().transport();
    String[] offered =
        http2 ? new String[] {Alpn.HTTP_2, Alpn.WEFT_HTTP_1} : new String[] {Alpn.WEFT_HTTP_1};
    try {
      SSLEngine engine = transport.clientEngine(attempt.address(), attempt.port(), tls, offered);
      return Outcome.returned(new MeshEngine(engine, transport, tls));
    } catch (SSLException e) {
      return Outcome.failed(e);
    }
  }
}
