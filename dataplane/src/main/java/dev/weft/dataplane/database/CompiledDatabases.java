package dev.weft.dataplane.database;

import dev.weft.policy.snapshot.DatabasePolicy;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
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

  static CompiledDatabases of(List<DatabasePolicy> documents) {
    if (documents.isEmpty()) {
      return NONE;
    }
    List<CompiledDatabase> policies = new ArrayList<>();
    for (DatabasePolicy document : documents) {
      policies.add(new CompiledDatabase(document));
    }
    return new CompiledDatabases(documents, policies);
  }

  List<DatabasePolicy> documents() {
    return documents;
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
