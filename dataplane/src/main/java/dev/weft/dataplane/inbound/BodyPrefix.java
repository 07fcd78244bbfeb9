package dev.weft.dataplane.inbound;

import java.io.ByteArrayOutputStream;
import java.util.Arrays;

/**
 * What a server's unit has read of a body for {@link InboundRequest#peekBody}, and keeps for the
 * application. For one thread at a time.
 */
public class BodyPrefix extends ByteArrayOutputStream {
  /** Nothing yet. */
  public BodyPrefix() {}

  /** A copy of the first bytes, {@code most} of them at most. */
  public final byte[] first(int most) {
    return Arrays.copyOf(buf, Math.min(count, most));
  }
}
