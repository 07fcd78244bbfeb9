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
  // Test JVMs that run at a time take every eighth, each from another one on.
  private static final int STEP = 8;
  private static final int OWN = FIRST + Integer.getInteger("weft.fork", 0) % STEP;
  private static int next = OWN + STEP * ThreadLocalRandom.current().nextInt(ports());

  private FreePort() {}

  /** A port that nothing listens on; each is given once in a run. */
  public static synchronized int next() {
    for (int tries = 0; tries < ports(); tries++) {
      next = next + STEP < BOUND ? next + STEP : OWN;
      try (ServerSocket socket = new ServerSocket(next, 1, InetAddress.getLoopbackAddress())) {
        return socket.getLocalPort();
      } catch (IOException taken) {
        // The next one, then.
      }
    }
    throw new IllegalStateException("no free port from " + FIRST + " to " + BOUND);
  }

  private static int ports() {
    return (BOUND - FIRST) / STEP;
  }
}
