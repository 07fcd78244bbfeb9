package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.AnswerEdits;
import org.apache.coyote.ActionCode;
import org.apache.coyote.ActionHook;
import org.apache.coyote.Response;
import org.jspecify.annotations.Nullable;

/**
 * Writes headers of the mesh over those of the application, when Tomcat is told to commit an
 * answer. It stands before the processor of the connection, which Tomcat keeps for the requests to
 * come, for one request only: until the answer is committed, or the request recycled. For the
 * thread that serves the request.
 */
final class AnswerHook implements ActionHook {
  private final Response response;
  private final ActionHook processor;
  private final AnswerEdits edits = new AnswerEdits();

  private AnswerHook(Response response, ActionHook processor) {
    this.response = response;
    this.processor = processor;
  }

  /**
   * The edits of an answer, which gets the hook when they are first asked for.
   *
   * @throws IllegalStateException where Tomcat is a named module that opens nothing
   */
  static AnswerEdits of(Response response) {
    ActionHook hook = HookField.OF_RESPONSE.get(response);
    if (hook instanceof AnswerHook) {
      return ((AnswerHook) hook).edits;
    }
    AnswerHook ours = new AnswerHook(response, hook);
    HookField.OF_RESPONSE.put(response, ours);
    return ours.edits;
  }

  /** Leaves the processor to the next request. */
  static void forget(Response response) {
    ActionHook hook = HookField.OF_RESPONSE.get(response);
    if (hook instanceof AnswerHook) {
      HookField.OF_RESPONSE.put(response, ((AnswerHook) hook).processor);
    }
  }

  @Override
  public void action(ActionCode code, @Nullable Object parameter) {
    if (commits(code)) {
      if (!response.isCommitted()) {
        edits.write(response::setHeader, response::addHeader);
      }
      HookField.OF_RESPONSE.put(response, processor);
    }
    processor.action(code, parameter);
  }

  private static boolean commits(ActionCode code) {
    return code == ActionCode.COMMIT || code == ActionCode.CLOSE || code == ActionCode.CLIENT_FLUSH;
  }
}
