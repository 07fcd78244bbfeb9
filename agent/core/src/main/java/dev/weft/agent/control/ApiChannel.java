package dev.weft.agent.control;

import java.io.IOException;
import java.net.InetAddress;
import java.net.SocketTimeoutException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import org.jspecify.annotations.Nullable;

/**
 * A connection to the control server that is opened when needed, kept while it lasts, and made anew
 * for each identity. Used by one thread at a time; {@link #close} may come from any.
 */
final class ApiChannel {

  private final ControlConfig config;
  private final ControlTiming timing;
  private final AgentState state;
  private final Clock clock;
  private volatile @Nullable ControlConnection open;
  private @Nullable AgentIdentity presented;

  ApiChannel(ControlConfig config, ControlTiming timing, AgentState state, Clock clock) {
    this.config = config;
    this.timing = timing;
    this.state = state;
    this.clock = clock;
  }

  /** A connection that presents the identity in force. */
  ControlConnection connection() throws IOException, GeneralSecurityException {
    AgentIdentity identity = state.identity();
    if (identity == null) {
      throw new IOException("this agent has not joined yet");
    }
    ControlConnection current = open;
    if (current != null && current.isReusable() && identity == presented) {
      return current;
    }
    drop();
    ControlConnection fresh =
        ControlConnection.open(config, identity.sockets(clock), timing.connectMillis);
    open = fresh;
    presented = identity;
    return fresh;
  }

  /** Goes on with a connection that stands for the identity in force without presenting it. */
  void adopt(ControlConnection connection) {
    drop();
    open = connection;
    presented = state.identity();
  }

  /**
   * One exchange; on a kept connection that the server has closed meanwhile, once more on a new
   * one.
   */
  ControlReply exchange(String method, String path, byte @Nullable [] json)
      throws IOException, GeneralSecurityException {
    boolean kept = open != null;
    try {
      return connection().exchange(method, path, null, json, timing.requestMillis);
    } catch (SocketTimeoutException e) {
      drop();
      throw e;
    } catch (IOException e) {
      drop();
      if (!kept) {
        throw e;
      }
      return connection().exchange(method, path, null, json, timing.requestMillis);
    }
  }

  InetAddress localAddress() throws IOException, GeneralSecurityException {
    return connection().localAddress();
  }

  /** Gives the connection up; the next use opens another. */
  void drop() {
    ControlConnection current = open;
    open = null;
    if (current != null) {
      current.close();
    }
  }

  /** As {@link #drop}, from any thread. */
  void close() {
    ControlConnection current = open;
    if (current != null) {
      current.close();
    }
  }
}
