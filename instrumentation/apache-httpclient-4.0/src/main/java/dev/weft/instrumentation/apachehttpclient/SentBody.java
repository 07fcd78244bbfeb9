package dev.weft.instrumentation.apachehttpclient;

import org.jspecify.annotations.Nullable;

/** The body of a hop, as far as it is known. */
interface SentBody {
  /** Whether it can be sent once more. */
  boolean replayable();

  /** All of it, once it was sent, empty when there is none; null when it is too big. */
  byte @Nullable [] whole();
}
