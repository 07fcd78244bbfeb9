package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import java.time.Clock;
import java.util.function.Consumer;

/**
 * One JSON line per write and per refused credential: who, from where, what, and how it ended.
 * Never a secret.
 */
public final class AuditLog {
  private final Clock clock;
  private final Consumer<String> sink;

  public AuditLog(Clock clock, Consumer<String> sink) {
    this.clock = clock;
    this.sink = sink;
  }

  /** Writes a line; {@code fields} are names and values in turn. */
  void record(String event, String actor, String remote, String outcome, String... fields) {
    ObjectNode line = Json.object();
    line.put("time", clock.instant().toString());
    line.put("event", event);
    line.put("actor", actor);
    line.put("remote", remote);
    line.put("outcome", outcome);
    for (int i = 0; i + 1 < fields.length; i += 2) {
      line.put(fields[i], fields[i + 1]);
    }
    sink.accept(Json.text(line));
  }
}
