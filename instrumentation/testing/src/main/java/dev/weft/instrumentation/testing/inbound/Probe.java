package dev.weft.instrumentation.testing.inbound;

import java.io.EOFException;
import java.io.IOException;
import java.net.SocketException;
import java.util.List;
import java.util.stream.Stream;

/**
 * One exchange whose bytes must not change.
 *
 * @param name for the report
 * @param exchange sends and reads, and answers all that was read, without the time of day
 */
public record Probe(String name, Exchange exchange) {
  /** What a client does on a connection of its own. */
  public interface Exchange {
    /** Runs on {@code connection} and answers a transcript. */
    String run(RawConnection connection) throws IOException;
  }

  static final String HOST = "Host: orders:8080\r\n";

  private static final List<Probe> ALL =
      Stream.of(
              MessageProbes.all(),
              BodyProbes.all(),
              TargetProbes.all(),
              ConnectionProbes.all(),
              ExpectProbes.all(),
              UpgradeProbes.all(),
              MalformedProbes.all())
          .flatMap(List::stream)
          .toList();

  /** All probes, theme by theme. */
  public static List<Probe> all() {
    return ALL;
  }

  /** Runs on {@code connection}; a server may also end it without an answer, and then has to. */
  String transcript(RawConnection connection) throws IOException {
    try {
      return exchange.run(connection);
    } catch (EOFException | SocketException e) {
      return "ended without an answer";
    }
  }

  /** A GET request in full. */
  public static String get(String target) {
    return "GET " + target + " HTTP/1.1\r\n" + HOST + "\r\n";
  }

  /** One request, one answer, and whether the connection serves another. */
  static Probe once(String name, String request) {
    return new Probe(name, c -> c.send(request).read().comparable() + another(c));
  }

  /** A request the server itself refuses; the mesh may say so in other words, but not admit it. */
  static Probe refused(String name, String request) {
    return new Probe(name, c -> c.send(request).read().statusLine() + another(c));
  }

  /** Whether the connection serves another request, and how. */
  static String another(RawConnection c) {
    try {
      return "\nthen " + c.send(get("/app/status/201")).read().statusLine();
    } catch (IOException e) {
      return "\nthen ended";
    }
  }
}
