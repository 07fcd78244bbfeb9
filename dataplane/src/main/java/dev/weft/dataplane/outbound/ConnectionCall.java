package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * A call that ends when the connection is there; what is sent over it is not the mesh's. Used by
 * one thread at a time.
 */
public final class ConnectionCall implements BlockingCall<Socket> {
  private final Connector connector;

  /** A call whose attempts are connections made by {@code connector}. */
  public ConnectionCall(Connector connector) {
    this.connector = connector;
  }

  @Override
  public Socket send(Attempt attempt) throws IOException {
    return connector.connect(attempt);
  }

  @Override
  public int status(Socket connection) {
    return 200;
  }

  @Override
  public @Nullable String header(Socket connection, String name) {
    return null;
  }

  @Override
  public void discard(Socket connection) {
    try {
      connection.close();
    } catch (IOException e) {
      // Nobody is waiting for it.
    }
  }

  @Override
  public Socket reply(LocalReply reply) throws IOException {
    IOException failure = reply.failure("");
    throw failure == null ? new IOException(reply.reason()) : failure;
  }

  @Override
  public Socket editResponse(Socket connection, HeaderEdits edits) {
    return connection;
  }

  /** Connects to the instance of an attempt. */
  public interface Connector {
    /** The connected socket, secured where the attempt says so. */
    Socket connect(Attempt attempt) throws IOException;
  }
}
