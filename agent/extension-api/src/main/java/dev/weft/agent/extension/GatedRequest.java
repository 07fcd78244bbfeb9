package dev.weft.agent.extension;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.AnswerEdits;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import org.jspecify.annotations.Nullable;

/**
 * What requests at the gates of containers have in common that choose what serves a request behind
 * the gate, and write the headers of an answer when it begins. For the thread that serves the
 * request, until it is over.
 */
public abstract class GatedRequest implements InboundRequest {
  private final MeshConnection connection;
  private @Nullable AnswerEdits answer;

  /**
   * For subclasses.
   *
   * @param connection the one it came on
   */
  protected GatedRequest(MeshConnection connection) {
    this.connection = connection;
  }

  /**
   * Has the container write what the answer says when it begins the answer. Called once, when there
   * is something to be written.
   */
  protected abstract AnswerEdits openAnswer();

  @Override
  public final void setAnswerHeader(String name, String value) {
    answer().set(name, value);
  }

  @Override
  public final void addAnswerHeader(String name, String value) {
    answer().add(name, value);
  }

  private AnswerEdits answer() {
    AnswerEdits edits = answer;
    if (edits == null) {
      edits = openAnswer();
      answer = edits;
    }
    return edits;
  }

  /** The container chooses behind the gate, by the decoded path. */
  @Override
  public final @Nullable String mappedPath() {
    return null;
  }

  @Override
  public final @Nullable PeerIdentity peer() {
    return connection.peer();
  }

  @Override
  public final @Nullable String indicatedServerName() {
    return connection.serverName();
  }
}
