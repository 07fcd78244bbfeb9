package dev.weft.controlserver.push;

import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import dev.weft.controlserver.Json;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.snapshot.SnapshotDelta;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;

/** One line of a watch stream; {@code version} is 0 for lines without a snapshot. Immutable. */
final class Line {
  static final Line HEARTBEAT = text("{\"type\":\"heartbeat\"}\n");

  private final long version;
  private final byte[] bytes;

  private Line(long version, byte[] bytes) {
    this.version = version;
    this.bytes = bytes;
  }

  long version() {
    return version;
  }

  static Line snapshot(Snapshot snapshot) {
    return of("snapshot", snapshot.version, SnapshotCodec.write(snapshot));
  }

  static Line delta(SnapshotDelta delta) {
    return of("delta", delta.version, SnapshotCodec.write(delta));
  }

  private static Line of(String type, long version, byte[] document) {
    ByteArrayOutputStream out = new ByteArrayOutputStream(document.length + 40);
    out.writeBytes(
        ("{\"type\":\"" + type + "\",\"" + type + "\":").getBytes(StandardCharsets.US_ASCII));
    out.writeBytes(document);
    out.writeBytes("}\n".getBytes(StandardCharsets.US_ASCII));
    return new Line(version, out.toByteArray());
  }

  static Line withdrawn(String reason) {
    ObjectNode line = Json.object();
    line.put("type", "withdrawn");
    line.put("reason", reason);
    return text(Json.text(line) + "\n");
  }

  static Line question(String id, ObjectNode question) {
    ObjectNode line = Json.object();
    line.put("type", "explain");
    line.put("id", id);
    line.set("question", question);
    return text(Json.text(line) + "\n");
  }

  int length() {
    return bytes.length;
  }

  HttpData data() {
    return HttpData.wrap(bytes);
  }

  private static Line text(String text) {
    return new Line(0, text.getBytes(StandardCharsets.UTF_8));
  }
}
