package dev.weft.controlserver.resource;

import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.weft.controlserver.Json;
import dev.weft.policy.resource.ReadResult;
import dev.weft.policy.resource.Resource;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.resource.ResourceReader;
import java.time.Instant;

/** The form that resources have in the store. */
final class StoredRecords {
  private StoredRecords() {}

  /** A record was written by a version that knows more of the policy language than this one. */
  static final class NotUnderstood extends Exception {
    private static final long serialVersionUID = 1L;

    NotUnderstood(String key, String problem) {
      super(
          "the stored policy " + key + " is not understood by this version: " + problem,
          null,
          false,
          false);
    }
  }

  static String text(StoredResource stored) {
    ObjectNode record = Json.object();
    record.put("created", stored.created().toString());
    record.put("version", stored.version());
    if (stored.set() != null) {
      record.put("set", stored.set());
    }
    record.set("resource", Json.tree(stored.resource().toMap()));
    return Json.text(record);
  }

  static StoredResource read(String key, String text) throws NotUnderstood {
    ObjectNode record = Json.readOwn(text);
    ReadResult read = ResourceReader.read(key, record.path("resource").toString(), "default");
    if (!read.accepted()) {
      throw new NotUnderstood(key, read.problems().get(0).toString());
    }
    return new StoredResource(
        read.resources().get(0),
        Instant.parse(record.path("created").asText()),
        record.path("version").asLong(),
        record.path("set").asText(null));
  }

  static String key(Resource resource) {
    return key(resource.kind(), resource.namespace(), resource.name());
  }

  static String key(ResourceKind kind, String namespace, String name) {
    return kind.plural() + "/" + namespace + "/" + name;
  }
}
