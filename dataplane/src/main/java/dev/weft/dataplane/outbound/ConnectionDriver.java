package dev.weft.dataplane.outbound;

import dev.weft.dataplane.identity.Alpn;
import dev.weft.dataplane.identity.TransportSecurity;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * Makes connections for clients of which the mesh reads no request: it balances, breaks, secures
 * and, where nothing listens, tries another endpoint, per connection. Weights of the route that
 * takes every request count; what else routes say is about requests, and does not. Thread-safe.
 */
public final class ConnectionDriver {
  private final BlockingDriver driver;
  private final TransportSecurity transport;

  ConnectionDriver(BlockingDriver driver, TransportSecurity transport) {
    this.driver = driver;
    this.transport = transport;
  }

  /** The service that {@code host:port} stands for, or null when the mesh has none there. */
  public @Nullable Target resolve(String authority) {
    return driver.resolve("http", authority);
  }

  /**
   * Connects to an endpoint of the service, on the caller's thread.
   *
   * @param askedMillis the client's own connect timeout, 0 for none; policy may shorten it
   * @throws IOException of {@code java.net} or {@code javax.net.ssl}: nothing listens, no endpoint,
   *     an identity refused, time over
   */
  public Socket connect(Target target, String authority, int askedMillis, Client client)
      throws IOException {
    return connect(target, new ConnectionRequest(authority), askedMillis, client);
  }

  Socket connect(Target target, OutboundRequest request, int askedMillis, Client client)
      throws IOException {
    ConnectionCall call = new ConnectionCall(attempt -> connect(attempt, askedMillis, client));
    try {
      return driver.execute(target, request, call);
    } catch (IOException | RuntimeException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException("cannot connect to " + request.authority(), e);
    }
  }

  private Socket connect(Attempt attempt, int askedMillis, Client client) throws IOException {
    Connecting connecting = new Connecting(client);
    InstanceSocket.connect(transport, attempt, askedMillis, connecting);
    Socket ready = connecting.ready;
    if (ready == null) {
      throw new IOException("no connection to " + attempt);
    }
    return ready;
  }

  /** The client's side of a connection that is being made. */
  public interface Client {
    /** Takes a socket that is not connected yet: to set options, and to close it on an abort. */
    void connecting(Socket socket) throws IOException;
  }

  private static final class Connecting implements InstanceSocket.Owner {
    private final Client client;
    private @Nullable Socket ready;

    Connecting(Client client) {
      this.client = client;
    }

    @Override
    public void hold(Socket socket) throws IOException {
      client.connecting(socket);
    }

    @Override
    public void configure(Socket socket) {}

    @Override
    public boolean flushes() {
      return false;
    }

    @Override
    public String alpn() {
      return Alpn.OPAQUE;
    }

    @Override
    public void ready(Socket socket) {
      this.ready = socket;
    }
  }
}
