package dev.weft.controlserver.api;

import java.time.Duration;

/**
 * What one client may take of the server before and while it talks.
 *
 * @param handshake from accepting a connection to the end of its TLS handshake
 * @param idle from one request on a connection to the next; bytes that trickle in do not make it
 *     longer
 * @param request from the last byte of a request's headers to the end of its answer
 * @param connections open at once; further ones are closed at once
 * @param unproven of those, from one address, on which no credential has been accepted yet
 */
public record ConnectionLimits(
    Duration handshake, Duration idle, Duration request, int connections, int unproven) {
  public static final ConnectionLimits DEFAULT =
      new ConnectionLimits(
          Duration.ofSeconds(10), Duration.ofSeconds(60), Duration.ofSeconds(10), 20_000, 5_000);
}
