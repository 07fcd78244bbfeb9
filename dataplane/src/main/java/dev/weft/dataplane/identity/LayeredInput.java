package dev.weft.dataplane.identity;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import javax.net.ssl.SSLException;

/** Sends what was collected before it waits for the answer. One reader at a time. */
final class LayeredInput extends FilterInputStream {
  private final LayeredOutput out;
  private final String peer;

  /** Held, not used: while somebody can read, the connection may not be forgotten. */
  @SuppressWarnings({"unused", "UnusedVariable"})
  private final Runnable closer;

  private boolean answered;

  LayeredInput(InputStream in, LayeredOutput out, String peer, Runnable closer) {
    super(in);
    this.out = out;
    this.peer = peer;
    this.closer = closer;
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xff;
  }

  @Override
  public int read(byte[] bytes, int offset, int length) throws IOException {
    try {
      out.readerWaits();
      int count = in.read(bytes, offset, length);
      answered |= count > 0;
      return count;
    } catch (SSLException e) {
      // On TLS 1.3 the server judges us after our handshake is done: its alert comes here. A reset
      // stays a reset: a peer that was killed looks the same, and calls to it may be repeated.
      if (!answered && String.valueOf(e.getMessage()).contains("alert")) {
        throw new IdentityRefusedException(peer + " refused our identity: " + e.getMessage(), e);
      }
      throw e;
    } finally {
      out.readerGoes();
    }
  }

  @Override
  public int available() throws IOException {
    out.readerWaits();
    out.readerGoes();
    return in.available();
  }
}
