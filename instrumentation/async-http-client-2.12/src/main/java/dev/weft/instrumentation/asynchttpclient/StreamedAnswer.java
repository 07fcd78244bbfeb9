package dev.weft.instrumentation.asynchttpclient;

import org.asynchttpclient.AsyncHandler;
import org.asynchttpclient.HttpResponseBodyPart;
import org.asynchttpclient.handler.StreamedAsyncHandler;

/** Handlers that take bodies as streams, which versions from 3.0 on do not have. */
final class StreamedAnswer {
  private static final boolean KNOWN = isKnown();

  private StreamedAnswer() {}

  private static boolean isKnown() {
    try {
      Class.forName(
          "org.asynchttpclient.handler.StreamedAsyncHandler",
          false,
          AsyncHandler.class.getClassLoader());
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /**
   * Gives a handler that takes a stream its body.
   *
   * @param over called once, when the handler has it or does not want it
   * @return false for another handler, which got nothing
   */
  static boolean take(AsyncHandler<?> handler, HttpResponseBodyPart part, Runnable over) {
    return KNOWN && Known.take(handler, part, over);
  }

  /** Linked only where the class is there. */
  private static final class Known {
    static boolean take(AsyncHandler<?> handler, HttpResponseBodyPart part, Runnable over) {
      if (!(handler instanceof StreamedAsyncHandler)) {
        return false;
      }
      LocalBody streamed = new LocalBody(part, over);
      if (((StreamedAsyncHandler<?>) handler).onStream(streamed) == AsyncHandler.State.ABORT) {
        streamed.cancel();
      }
      return true;
    }
  }
}
