package dev.weft.instrumentation.apachehttpclient5;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.InstanceSocket;
import java.io.IOException;
import java.net.ConnectException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import org.apache.hc.client5.http.ConnectExceptionSupport;
import org.apache.hc.client5.http.io.ManagedHttpClientConnection;
import org.apache.hc.core5.http.HttpHost;
import org.apache.hc.core5.http.io.SocketConfig;
import org.apache.hc.core5.http.protocol.HttpContext;
import org.apache.hc.core5.util.TimeValue;
import org.jspecify.annotations.Nullable;

/** Connects an attempt to its instance instead of to what the route says. */
public final class ConnectHook extends MeshHook {
  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object all, @Nullable Object b, @Nullable Object c) {
    Object[] arguments = (Object[]) requireNonNull(all);
    Sending sending = Sending.in((HttpContext) arguments[arguments.length - 1]);
    if (sending == null) {
      HttpHost host = requireNonNull(first(HttpHost.class, arguments));
      return Unsent.connection(context(), host, "an execution chain");
    }
    sending.connecting();
    TimeValue timeout = first(TimeValue.class, arguments);
    try {
      InstanceSocket.connect(
          context().dataPlane().transport(),
          sending.attempt(),
          timeout == null ? 0 : timeout.toMillisecondsIntBound(),
          new Owner(
              (ManagedHttpClientConnection) arguments[0],
              requireNonNull(first(SocketConfig.class, arguments)),
              first(InetSocketAddress.class, arguments)));
      return Outcome.returned(null);
    } catch (SocketTimeoutException | ConnectException e) {
      IOException enhanced = ConnectExceptionSupport.enhance(e, sending.service());
      return Outcome.failed(enhanced);
    } catch (IOException e) {
      return Outcome.failed(e);
    }
  }

  private static <T> @Nullable T first(Class<T> type, Object[] arguments) {
    for (Object argument : arguments) {
      if (type.isInstance(argument)) {
        return type.cast(argument);
      }
    }
    return null;
  }

  private static final class Owner implements InstanceSocket.Owner {
    private final ManagedHttpClientConnection connection;
    private final SocketConfig config;
    private final @Nullable InetSocketAddress local;

    Owner(
        ManagedHttpClientConnection connection,
        SocketConfig config,
        @Nullable InetSocketAddress local) {
      this.connection = connection;
      this.config = config;
      this.local = local;
    }

    @Override
    public void hold(Socket socket) throws IOException {
      connection.bind(socket);
    }

    @Override
    public void configure(Socket socket) throws IOException {
      if (local != null) {
        socket.bind(local);
      }
      if (config.getSoTimeout() != null) {
        socket.setSoTimeout(config.getSoTimeout().toMillisecondsIntBound());
      }
      socket.setReuseAddress(config.isSoReuseAddress());
      socket.setTcpNoDelay(config.isTcpNoDelay());
      socket.setKeepAlive(config.isSoKeepAlive());
      if (config.getRcvBufSize() > 0) {
        socket.setReceiveBufferSize(config.getRcvBufSize());
      }
      if (config.getSndBufSize() > 0) {
        socket.setSendBufferSize(config.getSndBufSize());
      }
      int linger = config.getSoLinger().toMillisecondsIntBound();
      if (linger >= 0) {
        socket.setSoLinger(true, linger);
      }
    }

    @Override
    public void ready(Socket socket) throws IOException {
      connection.bind(socket);
    }
  }
}
