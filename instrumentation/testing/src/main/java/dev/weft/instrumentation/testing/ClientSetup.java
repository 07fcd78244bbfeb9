package dev.weft.instrumentation.testing;

import org.jspecify.annotations.Nullable;

/**
 * How the application sets up its client. What a library cannot be set up for is left out.
 *
 * @param cookies keep cookies
 * @param credentials user and password for any Basic challenge, null for none
 * @param connections most connections to one host, 0 for the library's own limit
 * @param poolWaitMillis longest wait for a connection, 0 for the library's own
 */
public record ClientSetup(
    boolean cookies, @Nullable Credentials credentials, int connections, int poolWaitMillis) {
  /** As the library does it by itself. */
  public static ClientSetup plain() {
    return new ClientSetup(false, null, 0, 0);
  }

  /** The same, keeping cookies. */
  public ClientSetup keepingCookies() {
    return new ClientSetup(true, credentials, connections, poolWaitMillis);
  }

  /** The same with credentials for any challenge. */
  public ClientSetup with(Credentials who) {
    return new ClientSetup(cookies, who, connections, poolWaitMillis);
  }

  /** The same with a bound on the connections to one host, and on the wait for one. */
  public ClientSetup with(int most, int waitMillis) {
    return new ClientSetup(cookies, credentials, most, waitMillis);
  }

  /** A user and a password. */
  public record Credentials(String user, String password) {}
}
