package dev.weft.instrumentation.apachehttpclient5;

import org.jspecify.annotations.Nullable;

/** The body of a hop, as far as it is known. */
interface SentBody {
  /** Of a request without one. */
  SentBody NONE =
      new SentBody() {
        @Override
        public boolean replayable() {
          return true;
        }

        @Override
        public byte[] whole() {
          return new byte[0];
        }
      };

  /** Whether it can be sent once more. */
  boolean replayable();

  /** All of it, once it was sent; null when it is too big. */
  byte @Nullable [] whole();
}
