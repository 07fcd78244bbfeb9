package dev.weft.dataplane.telemetry;

import io.opentelemetry.api.common.AttributeKey;
import io.opentelemetry.api.common.Attributes;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The attributes of a span of a database: the stable database conventions of OpenTelemetry, and
 * under {@code weft.} what they have no name for.
 */
final class DatabaseAttributes {
  static final String POLICY_NAME = "weft.policy";
  static final String DATABASE_NAME = "weft.database";

  private static final AttributeKey<String> SYSTEM = AttributeKey.stringKey("db.system.name");
  private static final AttributeKey<String> NAMESPACE = AttributeKey.stringKey("db.namespace");
  private static final AttributeKey<String> OPERATION = AttributeKey.stringKey("db.operation.name");
  private static final AttributeKey<Long> BATCH = AttributeKey.longKey("db.operation.batch.size");
  private static final AttributeKey<String> COLLECTION =
      AttributeKey.stringKey("db.collection.name");
  private static final AttributeKey<String> SUMMARY = AttributeKey.stringKey("db.query.summary");
  private static final AttributeKey<String> TEXT = AttributeKey.stringKey("db.query.text");
  private static final AttributeKey<String> STATUS =
      AttributeKey.stringKey("db.response.status_code");
  private static final AttributeKey<String> ERROR = AttributeKey.stringKey("error.type");
  private static final AttributeKey<String> SERVER = AttributeKey.stringKey("server.address");
  private static final AttributeKey<Long> SERVER_PORT = AttributeKey.longKey("server.port");
  private static final AttributeKey<Long> ATTEMPTS =
      AttributeKey.longKey(SpanAttributes.ATTEMPTS_NAME);
  private static final AttributeKey<String> POLICY = AttributeKey.stringKey(POLICY_NAME);
  private static final AttributeKey<String> DETAIL =
      AttributeKey.stringKey(SpanAttributes.DETAIL_NAME);

  private DatabaseAttributes() {}

  static Attributes of(DatabaseActivity activity, int maxValueLength) {
    FlatAttributes out = new FlatAttributes();
    out.put(SYSTEM, activity.system);
    optional(out, NAMESPACE, activity.namespace.isEmpty() ? null : activity.namespace);
    if (!activity.host.isEmpty()) {
      out.put(SERVER, activity.host);
      if (activity.port > 0) {
        out.put(SERVER_PORT, (long) activity.port);
      }
    }
    optional(out, OPERATION, activity.operation);
    optional(out, COLLECTION, activity.collection);
    optional(out, SUMMARY, activity.summary.isEmpty() ? null : activity.summary);
    String text = activity.text;
    if (text != null && !text.isEmpty()) {
      out.put(TEXT, text.length() > maxValueLength ? text.substring(0, maxValueLength) : text);
    }
    // One statement is no batch, as the conventions say.
    if (activity.batchSize > 1) {
      out.put(BATCH, (long) activity.batchSize);
    }
    optional(out, STATUS, activity.statusCode);
    optional(out, ERROR, activity.error);
    if (activity.attempts > 1) {
      out.put(ATTEMPTS, (long) activity.attempts);
    }
    out.put(POLICY, activity.policy);
    optional(out, DETAIL, activity.detail);
    return out;
  }

  /** What the span of another tracer does not know: that and why the mesh refused. */
  static Map<String, Object> foreign(DatabaseActivity activity) {
    Map<String, Object> all = new LinkedHashMap<>();
    all.put(DATABASE_NAME, activity.database);
    all.put(POLICY_NAME, activity.policy);
    String detail = activity.detail;
    if (detail != null) {
      all.put(SpanAttributes.DETAIL_NAME, detail);
    }
    return all;
  }

  private static void optional(
      FlatAttributes out, AttributeKey<String> key, @Nullable String value) {
    if (value != null) {
      out.put(key, value);
    }
  }
}
