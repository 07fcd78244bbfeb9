package dev.weft.dataplane.database;

import dev.weft.dataplane.sql.StatementFacts;
import dev.weft.policy.snapshot.StatementKind;
import org.jspecify.annotations.Nullable;

/**
 * Refuses statements that policy does not let run. A text that may be read in more than one way is
 * judged by the gravest; one that cannot be read is refused.
 */
final class GuardFilter implements DatabaseFilter {
  @Override
  public DatabaseStage stage() {
    return DatabaseStage.GUARD;
  }

  @Override
  public @Nullable DatabaseRejection apply(DatabaseExchange exchange) {
    CompiledDatabase policy = exchange.target.policy;
    if (!policy.guards()) {
      return null;
    }
    StatementFacts facts = exchange.facts();
    if (facts == null) {
      throw new IllegalStateException("the statement could not be read");
    }
    for (StatementKind kind : facts.kinds()) {
      if (policy.denied().contains(kind)) {
        return exchange.reject(
            DatabaseRejection.Kind.FORBIDDEN,
            DatabaseStage.GUARD,
            "42501",
            "a statement of the kind "
                + kind
                + " may not run on "
                + exchange.address()
                + ": leave it out, or take the kind out of statements.deny");
      }
    }
    if (policy.document().statements.readOnly && !facts.onlyReads()) {
      return exchange.reject(
          DatabaseRejection.Kind.FORBIDDEN,
          DatabaseStage.GUARD,
          "25006",
          "only statements that read may run on "
              + exchange.address()
              + ", and this one is "
              + facts.kinds()
              + ": leave it out, or lift statements.readOnly");
    }
    return null;
  }
}
