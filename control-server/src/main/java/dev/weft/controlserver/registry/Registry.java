package dev.weft.controlserver.registry;

import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.identity.Denied;
import dev.weft.policy.InstanceReport;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.HashMap;
import java.util.Iterator;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The instances of the mesh and their leases, in memory. Leases run on the monotonic clock, so a
 * jump of the wall clock expires nobody. An expired instance is no endpoint any more and stays
 * listed for {@link #KEPT_EXPIRED}. Thread-safe.
 */
public final class Registry {
  /** How long an expired instance stays listed. */
  public static final Duration KEPT_EXPIRED = Duration.ofMinutes(5);

  private static final int MAX_PER_IDENTITY = 2_000;

  private final long leaseNanos;
  private final LongSupplier nanoTime;
  private final Clock clock;
  private final Map<String, Entry> entries = new TreeMap<>();
  private final Map<String, Integer> perIdentity = new HashMap<>();
  private long lastSweep;

  public Registry(Duration lease, LongSupplier nanoTime, Clock clock) {
    this.leaseNanos = lease.toNanos();
    this.nanoTime = nanoTime;
    this.clock = clock;
    this.lastSweep = nanoTime.getAsLong();
  }

  private static final class Entry {
    RegisteredInstance instance;
    long deadline;

    Entry(RegisteredInstance instance, long deadline) {
      this.instance = instance;
      this.deadline = deadline;
    }
  }

  /**
   * Takes a report and renews the lease; whether anything that others see has changed.
   *
   * @throws Denied when the id belongs to another identity, or this one has too many instances
   */
  public synchronized boolean report(String id, WorkloadIdentity identity, InstanceReport report)
      throws Denied {
    Entry known = entries.get(id);
    if (known != null && !known.instance.identity().equals(identity)) {
      throw Denied.forbidden(
          "the instance id " + id + " belongs to another identity: choose another id");
    }
    if (known == null && perIdentity.merge(identity.uri(), 1, Integer::sum) > MAX_PER_IDENTITY) {
      forget(identity);
      throw Denied.forbidden(
          identity.uri() + " has " + MAX_PER_IDENTITY + " instances already: deregister some");
    }
    RegisteredInstance now =
        new RegisteredInstance(id, identity, report, clock.instant(), true, true);
    entries.put(id, new Entry(now, nanoTime.getAsLong() + leaseNanos));
    return known == null || !known.instance.live() || !sameToOthers(known.instance, now);
  }

  /**
   * Puts in an instance remembered from before a restart; it lives {@code grace} unless it reports.
   */
  public synchronized void remember(
      String id,
      WorkloadIdentity identity,
      InstanceReport report,
      Instant lastSeen,
      Duration grace) {
    perIdentity.merge(identity.uri(), 1, Integer::sum);
    entries.put(
        id,
        new Entry(
            new RegisteredInstance(id, identity, report, lastSeen, true, false),
            nanoTime.getAsLong() + grace.toNanos()));
  }

  /**
   * Removes an instance at its own wish; whether it was live.
   *
   * @throws Denied when it belongs to another identity
   */
  public synchronized boolean remove(String id, WorkloadIdentity identity) throws Denied {
    Entry known = entries.get(id);
    if (known == null) {
      return false;
    }
    if (!known.instance.identity().equals(identity)) {
      throw Denied.forbidden("the instance id " + id + " belongs to another identity");
    }
    entries.remove(id);
    forget(identity);
    return known.instance.live();
  }

  /**
   * Ends the leases that have run out and forgets what expired long ago; whether anybody expired.
   * When the sweep itself was away for long (a suspended process), all leases are given that time:
   * nobody could have renewed them.
   */
  public synchronized boolean sweep() {
    long now = nanoTime.getAsLong();
    long pause = now - lastSweep;
    lastSweep = now;
    if (pause > leaseNanos / 2) {
      entries.values().forEach(entry -> entry.deadline += pause);
    }
    boolean expired = false;
    Iterator<Entry> all = entries.values().iterator();
    while (all.hasNext()) {
      Entry entry = all.next();
      RegisteredInstance seen = entry.instance;
      if (seen.live() && now - entry.deadline >= 0) {
        entry.instance =
            new RegisteredInstance(
                seen.id(),
                seen.identity(),
                seen.report(),
                seen.lastSeen(),
                false,
                seen.confirmed());
        expired = true;
      } else if (!seen.live() && now - entry.deadline >= KEPT_EXPIRED.toNanos()) {
        all.remove();
        forget(seen.identity());
      }
    }
    return expired;
  }

  /** Everybody listed, by id. */
  public synchronized List<RegisteredInstance> all() {
    List<RegisteredInstance> list = new ArrayList<>(entries.size());
    entries.values().forEach(entry -> list.add(entry.instance));
    return list;
  }

  /** Everybody whose lease runs, by id. */
  public synchronized Collection<RegisteredInstance> live() {
    return all().stream().filter(RegisteredInstance::live).toList();
  }

  public synchronized @Nullable RegisteredInstance find(String id) {
    Entry entry = entries.get(id);
    return entry == null ? null : entry.instance;
  }

  private void forget(WorkloadIdentity identity) {
    perIdentity.computeIfPresent(identity.uri(), (uri, count) -> count == 1 ? null : count - 1);
  }

  private static boolean sameToOthers(RegisteredInstance a, RegisteredInstance b) {
    return a.report().service.equals(b.report().service)
        && a.report().namespace.equals(b.report().namespace)
        && a.labels().equals(b.labels())
        && (a.report().missingGuard() == null) == (b.report().missingGuard() == null)
        && Objects.equals(a.report().ready, b.report().ready)
        && Objects.equals(a.endpoint(), b.endpoint());
  }
}
