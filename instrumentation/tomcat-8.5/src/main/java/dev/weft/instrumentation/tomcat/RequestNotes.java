package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.MeshConnection;
import org.apache.catalina.connector.Request;
import org.jspecify.annotations.Nullable;

/**
 * What we remember with a request, in Tomcat's own notes: no class gets a field, and no web
 * application sees them.
 */
final class RequestNotes {
  /**
   * Index of the connection's note at Coyote's request. Tomcat leaves 17 to 31 to others; the
   * number stands in {@link ConnectionAdvice}, too, which may not name this class.
   */
  static final int CONNECTION = 31;

  private static final String EXCHANGE = "dev.weft.exchange";

  private static final String ANSWER = "dev.weft.answer";

  private static final String AHEAD = "dev.weft.ahead";

  private RequestNotes() {}

  /**
   * The connection the request came on.
   *
   * @return {@link MeshConnection#UNSECURED} for a request that was being read when the agent came,
   *     null when the note could not be made
   */
  static @Nullable MeshConnection connection(Request request) {
    Object note = request.getCoyoteRequest().getNote(CONNECTION);
    if (note == null) {
      return MeshConnection.UNSECURED;
    }
    return note instanceof MeshConnection ? (MeshConnection) note : null;
  }

  /** The exchange that passed the gate, null for none; Tomcat forgets it when it recycles. */
  static @Nullable InboundExchange exchange(Request request) {
    return (InboundExchange) request.getNote(EXCHANGE);
  }

  /** Remembers that headers of the mesh wait for the answer. */
  static void answered(Request request) {
    request.setNote(ANSWER, true);
  }

  /** Whether headers of the mesh waited for the answer. */
  static boolean isAnswered(Request request) {
    return request.getNote(ANSWER) != null;
  }

  /** What was read of the body before the application; null for nothing. */
  static @Nullable BodyAhead ahead(Request request) {
    return (BodyAhead) request.getNote(AHEAD);
  }

  /** Remembers what was read of the body before the application. */
  static void keepAhead(Request request, BodyAhead ahead) {
    request.setNote(AHEAD, ahead);
  }

  /** Remembers the exchange until the request is recycled. */
  static void keepExchange(Request request, InboundExchange exchange) {
    request.setNote(EXCHANGE, exchange);
  }
}
