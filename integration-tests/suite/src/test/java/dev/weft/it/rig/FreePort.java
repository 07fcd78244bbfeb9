package dev.weft.it.rig;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.util.concurrent.ThreadLocalRandom;

/** Ports for settings that must name one before the process that will listen on it starts. */
public final class FreePort {
  // Below what systems hand out to whoever asks for port 0 (Linux from 32768, others from 49152):
  // an application of the same test that asks for any port must never be given this one.
  private static final int FIRST = 15_000;
  private static final int BOUND = 30_000;
  private static int next = ThreadLocalRandom.current().nextInt(FIRST, BOUND);

  private FreePort() {}

  /** A port that nothing listens on; each is given once in a run. */
  public static synchronized int next() {
    for (int tries = 0; tries < BOUND - FIRST; tries++) {
      next = next + 1 < BOUND ? next + 1 : FIRST;
      try (ServerSocket socket = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " to " + BOUND);
  }
}
