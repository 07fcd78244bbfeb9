package dev.weft.controlserver.resource;

import dev.weft.controlserver.mesh.Mesh;
import dev.weft.policy.document.Problem;
import java.io.IOException;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A directory as the source of policy: what is in it is in force, as one change, and what is taken
 * out of it is pruned. When anything in it is wrong the policy stays what it was, which is durable,
 * and {@link #status} says why. Thread-safe.
 *
 * <p>It is looked at twice a second, because file systems do not tell reliably what changes, and
 * read when it has looked the same twice, so that a checkout under way is not taken for its result.
 */
public final class PolicyDirectory implements AutoCloseable {
  /** The set of its resources; no caller of the API can name it so. */
  public static final String SET = "(policy-dir)";

  private static final Logger log = LoggerFactory.getLogger(PolicyDirectory.class);
  private static final Duration PERIOD = Duration.ofMillis(500);
  private static final int MAX_PROBLEMS = 20;

  private final PolicyFolder folder;
  private final PolicyStore policy;
  private final Mesh mesh;
  private final Clock clock;
  private final Listener listener;
  private final ScheduledExecutorService thread =
      Executors.newSingleThreadScheduledExecutor(
          task -> {
            Thread made = new Thread(task, "weft-policy-dir");
            made.setDaemon(true);
            return made;
          });
  private @Nullable Map<Path, String> seen;
  private @Nullable Map<Path, String> applied;
  private volatile Status status;

  /**
   * What became of it last.
   *
   * @param since when it came to that
   * @param problems why its content is not in force; empty when it is
   */
  public record Status(Path directory, Instant since, int files, List<String> problems) {
    public Status {
      problems = List.copyOf(problems);
    }

    public boolean refused() {
      return !problems.isEmpty();
    }
  }

  /** Is told once of each change and of each new reason against one. */
  public interface Listener {
    void changed(PolicyChange change, long version);

    void refused(String why);
  }

  public PolicyDirectory(
      Path directory, PolicyStore policy, Mesh mesh, Clock clock, Listener listener) {
    this.folder = new PolicyFolder(directory);
    this.policy = policy;
    this.mesh = mesh;
    this.clock = clock;
    this.listener = listener;
    this.status = new Status(directory, clock.instant(), 0, List.of("not read yet"));
  }

  /** Takes what is there now, and from then on whatever comes. */
  public void start() {
    look(true);
    var unused =
        thread.scheduleWithFixedDelay(
            () -> look(false), PERIOD.toMillis(), PERIOD.toMillis(), TimeUnit.MILLISECONDS);
  }

  public Status status() {
    return status;
  }

  @Override
  public void close() {
    thread.shutdownNow();
  }

  private synchronized void look(boolean atOnce) {
    try {
      Map<Path, String> now = folder.stamp();
      boolean settled = atOnce || now.equals(seen);
      seen = now;
      if (settled && !now.equals(applied)) {
        take(now);
      }
    } catch (IOException | RuntimeException e) {
      refuse(List.of("it cannot be read or applied: " + e), 0);
    }
  }

  private void take(Map<Path, String> stamps) throws IOException {
    if (stamps.isEmpty()) {
      // More likely a volume that is not mounted than the wish to have no policy at all.
      refuse(List.of("it has no file *.yaml, *.yml or *.json; the last policy stays in force"), 0);
      return;
    }
    PolicyTexts texts = PolicyTexts.read(folder.read(stamps), "default", mesh.view());
    if (!texts.accepted()) {
      List<Problem> shown = texts.problems();
      refuse(shown.stream().limit(MAX_PROBLEMS).map(Problem::toString).toList(), stamps.size());
      return;
    }
    try {
      Mesh.Result<PolicyChange> result =
          mesh.change(
              upcoming -> {
                PolicyChange change = policy.planApply(texts.resources(), SET, true, upcoming);
                policy.commit(
                    change, new PolicyHistory.Origin("policy-dir", "policy-dir"), upcoming);
                return change;
              },
              change -> !change.isEmpty());
      applied = stamps;
      status = new Status(folder.root(), clock.instant(), stamps.size(), List.of());
      listener.changed(result.value(), result.version());
    } catch (PolicyConflict conflict) {
      refuse(List.of(conflict.reason()), stamps.size());
    }
  }

  private void refuse(List<String> problems, int files) {
    boolean news = !problems.equals(status.problems());
    // Read again at the next look: what is in its way may be taken away elsewhere.
    applied = null;
    if (news) {
      status = new Status(folder.root(), clock.instant(), files, problems);
      log.error("the policy directory {} is not in force: {}", folder.root(), problems.get(0));
      listener.refused(problems.get(0));
    }
  }
}
