package dev.weft.instrumentation.testing.database;

import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.database.DatabaseExchange;
import dev.weft.dataplane.database.DatabaseExchange.Operation;
import dev.weft.dataplane.database.DatabaseObserver;
import dev.weft.dataplane.identity.Svid;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.instrumentation.testing.TestAuthority;
import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.DatabaseStatements;
import dev.weft.policy.snapshot.Snapshot;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.util.List;
import java.util.Queue;
import java.util.Set;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** A mesh in a test, with policies for databases. */
public final class DatabaseMesh {
  private final TestAuthority authority = TestAuthority.create();
  private final TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  private final Queue<Seen> seen = new ConcurrentLinkedQueue<>();
  private final AtomicInteger running = new AtomicInteger();
  private final DataPlane dataPlane;
  private volatile @Nullable RuntimeException defect;
  private long version;

  /** A connect or a statement that has ended: which, how many at once, and how it went. */
  public record Seen(Operation operation, int batchSize, String outcome, int attempts) {}

  /** A mesh without policy. */
  public DatabaseMesh() {
    this.dataPlane =
        DataPlane.builder().transport(transport).databaseObserver(new Watcher()).build();
  }

  /** The engine under test. */
  public DataPlane dataPlane() {
    return dataPlane;
  }

  /** The root of all identities. */
  public TestAuthority authority() {
    return authority;
  }

  /** Gives this JVM an identity. */
  public void enrol(String serviceAccount) {
    enrol(authority.issue(serviceAccount), Set.of());
  }

  /** Gives this JVM an identity, of whichever authority, and trusts its own but for some. */
  public void enrol(Svid svid, Set<String> withdrawn) {
    try {
      transport.update(svid, TestAuthority.TRUST_DOMAIN, List.of(authority.root()), withdrawn);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Makes the observer throw, or not any more. */
  public void breakObserver(@Nullable RuntimeException with) {
    defect = with;
  }

  /** Puts one policy in force that matches every database on a host. */
  public void govern(UnaryOperator<DatabasePolicy.Builder> change) {
    apply(
        List.of(
            change
                .apply(
                    DatabasePolicy.builder()
                        .namespace("shop")
                        .name("db")
                        .urls(List.of("jdbc:*//*")))
                .build()));
  }

  /** The same with limits for statements. */
  public void statements(UnaryOperator<DatabaseStatements.Builder> change) {
    govern(p -> p.statements(change.apply(DatabaseStatements.builder()).build()));
  }

  /** Puts policies in force. */
  public void apply(List<DatabasePolicy> policies) {
    dataPlane
        .snapshots()
        .apply(
            Snapshot.builder()
                .version(++version)
                .epoch("test")
                .trustDomain(TestAuthority.TRUST_DOMAIN)
                .localNamespace("shop")
                .databases(policies)
                .build());
  }

  /** What has ended since the last {@link #forget}. */
  public List<Seen> seen() {
    return List.copyOf(seen);
  }

  /** What has ended of one kind. */
  public List<Seen> seen(Operation operation) {
    return seen.stream().filter(s -> s.operation() == operation).toList();
  }

  /** Forgets what was seen. */
  public void forget() {
    seen.clear();
  }

  /** Statements that have begun and not ended. */
  public int running() {
    return running.get();
  }

  private final class Watcher implements DatabaseObserver {
    @Override
    public void started(DatabaseExchange exchange) {
      running.addAndGet(exchange.operation() == Operation.STATEMENT ? 1 : 0);
    }

    @Override
    public void ended(DatabaseExchange exchange) {
      running.addAndGet(exchange.operation() == Operation.STATEMENT ? -1 : 0);
      RuntimeException broken = defect;
      if (broken != null) {
        throw broken;
      }
      String outcome =
          exchange.rejection() != null ? "refused" : exchange.failure() != null ? "failed" : "done";
      seen.add(new Seen(exchange.operation(), exchange.batchSize(), outcome, exchange.attempts()));
    }
  }
}
