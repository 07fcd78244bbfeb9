package dev.weft.dataplane.database;

import dev.weft.policy.snapshot.DatabasePolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** The policies for databases of one snapshot. Immutable; compared by identity. */
final class CompiledDatabases {
  static final CompiledDatabases NONE =
      new CompiledDatabases(Collections.emptyList(), Collections.emptyList());

  private final CompiledDatabase[] policies;
  private final List<DatabasePolicy> documents;

  private CompiledDatabases(List<DatabasePolicy> documents, List<CompiledDatabase> policies) {
    this.documents = documents;
    this.policies = policies.toArray(new CompiledDatabase[0]);
  }

  /** Those that were there before stay the same objects, so that what hangs on them stays. */
  static CompiledDatabases of(List<DatabasePolicy> documents, CompiledDatabases before) {
    if (documents.equals(before.documents)) {
      return before;
    }
    Map<DatabasePolicy, CompiledDatabase> known = new HashMap<>();
    for (CompiledDatabase policy : before.policies) {
      known.put(policy.document(), policy);
    }
    List<CompiledDatabase> policies = new ArrayList<>();
    for (DatabasePolicy document : documents) {
      CompiledDatabase same = known.get(document);
      policies.add(same != null ? same : new CompiledDatabase(document));
    }
    return new CompiledDatabases(documents, policies);
  }

  List<DatabasePolicy> documents() {
    return documents;
  }

  boolean contains(CompiledDatabase policy) {
    for (CompiledDatabase each : policies) {
      if (each == policy) {
        return true;
      }
    }
    return false;
  }

  boolean isEmpty() {
    return policies.length == 0;
  }

  /** The first that matches, or null when the database is left alone. */
  @Nullable CompiledDatabase find(DatabaseAddress address) {
    for (CompiledDatabase policy : policies) {
      if (policy.matches(address)) {
        return policy;
      }
    }
    return null;
  }
}
