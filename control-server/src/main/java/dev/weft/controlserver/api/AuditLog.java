package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.resource.PolicyChange;
import dev.weft.controlserver.resource.PolicyDirectory;
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

  /** A line for each resource of a change. */
  void changes(String event, String actor, String remote, PolicyChange change, long version) {
    for (PolicyChange.Row row : change.rows()) {
      record(
          event,
          actor,
          remote,
          row.action().word(),
          "resource",
          row.key(),
          "version",
          Long.toString(version));
    }
  }

  /** Lines about a policy directory: what it changed, and why its content is not in force. */
  public PolicyDirectory.Listener ofDirectory() {
    return new PolicyDirectory.Listener() {
      @Override
      public void changed(PolicyChange change, long version) {
        changes("policy-dir", "policy-dir", "-", new PolicyChange(change.changes()), version);
      }

      @Override
      public void refused(String why) {
        record("policy-dir", "policy-dir", "-", "refused", "reason", why);
      }
    };
  }
}
