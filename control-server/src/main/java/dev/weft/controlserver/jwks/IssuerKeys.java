package dev.weft.controlserver.jwks;

import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.resource.RequestAuthenticationSpec;
import dev.weft.policy.resource.ResourceKind;
import dev.weft.policy.snapshot.JwtKey;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.concurrent.Executor;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The keys of the issuers that policy names, as they were fetched last. They are fetched when
 * policy first names them and again from time to time; what was had last stays, also over a
 * restart, for as long as nothing newer can be had. Thread-safe.
 */
public final class IssuerKeys {
  private static final Logger log = LoggerFactory.getLogger(IssuerKeys.class);
  private static final Duration FIRST_RETRY = Duration.ofSeconds(2);
  private static final Duration LAST_RETRY = Duration.ofMinutes(5);

  private final MeshStore store;
  private final KeyFetcher fetcher;
  private final Executor threads;
  private final Clock clock;
  private final Duration refresh;
  private final Map<String, Attempts> attempts = new HashMap<>();
  private volatile Map<String, List<JwtKey>> keys;

  /** What became of fetching from one source. */
  private static final class Attempts {
    private Instant due = Instant.MIN;
    private boolean running;
    private int failures;
    private @Nullable String problem;
    private @Nullable Instant fetched;
  }

  /**
   * How it stands with one source.
   *
   * @param fetched when it answered last, or null: not since the start
   * @param problem why the last attempt failed, or null
   */
  public record Status(
      String address, int keys, @Nullable Instant fetched, @Nullable String problem) {}

  /**
   * @param threads where fetching may block
   * @param refresh how long keys are not asked for again
   */
  IssuerKeys(MeshStore store, KeyFetcher fetcher, Executor threads, Clock clock, Duration refresh) {
    this.store = store;
    this.fetcher = fetcher;
    this.threads = threads;
    this.clock = clock;
    this.refresh = refresh;
    this.keys = stored(store);
  }

  private static Map<String, List<JwtKey>> stored(MeshStore store) {
    Map<String, List<JwtKey>> keys = new HashMap<>();
    store.entries(Table.ISSUER_KEYS).forEach((name, text) -> keys.put(name, Jwks.read(text)));
    return Map.copyOf(keys);
  }

  /** The keys by {@link RequestAuthenticationSpec.Issuer#keyName}; immutable. */
  public Map<String, List<JwtKey>> current() {
    return keys;
  }

  /** How it stands with each source that policy names, by name. */
  public synchronized List<Status> status() {
    List<Status> all = new ArrayList<>();
    new TreeMap<>(attempts)
        .forEach(
            (address, each) ->
                all.add(
                    new Status(
                        address,
                        keys.getOrDefault(address, List.of()).size(),
                        each.fetched,
                        each.problem)));
    return all;
  }

  /** How many sources did not answer with keys at the last attempt. */
  public synchronized long failing() {
    return attempts.values().stream().filter(each -> each.problem != null).count();
  }

  /** Begins to fetch what is due; returns at once. To be called about once a second. */
  public void look(Supplier<Collection<StoredResource>> policy, Mesh mesh) {
    Map<String, KeySource> wanted = wanted(policy.get());
    if (!wanted.keySet().containsAll(keys.keySet())) {
      forget(wanted.keySet(), mesh);
    }
    for (KeySource source : due(wanted)) {
      threads.execute(() -> fetch(source, mesh));
    }
  }

  private static Map<String, KeySource> wanted(Collection<StoredResource> policy) {
    Map<String, KeySource> wanted = new HashMap<>();
    for (StoredResource stored : policy) {
      if (stored.resource().kind() == ResourceKind.REQUEST_AUTHENTICATION) {
        for (RequestAuthenticationSpec.Issuer issuer :
            stored.resource().spec(RequestAuthenticationSpec.class).jwtRules) {
          if (!issuer.inline) {
            wanted.putIfAbsent(issuer.keyName(), KeySource.of(issuer));
          }
        }
      }
    }
    return wanted;
  }

  private synchronized List<KeySource> due(Map<String, KeySource> wanted) {
    attempts.keySet().retainAll(wanted.keySet());
    List<KeySource> due = new ArrayList<>();
    wanted.forEach(
        (name, source) -> {
          Attempts each = attempts.computeIfAbsent(name, unused -> new Attempts());
          if (!each.running && !clock.instant().isBefore(each.due)) {
            each.running = true;
            due.add(source);
          }
        });
    return due;
  }

  private void fetch(KeySource source, Mesh mesh) {
    List<JwtKey> fetched = Collections.emptyList();
    String problem = null;
    try {
      fetched = fetcher.fetch(source);
      take(source.name(), fetched, mesh);
    } catch (KeyFetchException e) {
      problem = e.getMessage();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      problem = "interrupted";
    } catch (RuntimeException e) {
      problem = "the keys could not be kept: " + e;
    } finally {
      ended(source, problem);
    }
  }

  /**
   * Keys that no policy names any more go: should it name them again, it must not get those of long
   * ago. Nobody has them, so that nothing changes for anybody.
   */
  private void forget(Set<String> wanted, Mesh mesh) {
    mesh.change(
        upcoming -> {
          Map<String, List<JwtKey>> kept = new HashMap<>(keys);
          kept.keySet().retainAll(wanted);
          store.write(
              tx -> {
                for (String name : keys.keySet()) {
                  if (!wanted.contains(name)) {
                    tx.remove(Table.ISSUER_KEYS, name);
                  }
                }
                return true;
              });
          keys = Map.copyOf(kept);
          return false;
        });
  }

  private void take(String name, List<JwtKey> fetched, Mesh mesh) {
    mesh.change(
        upcoming -> {
          if (fetched.equals(keys.get(name))) {
            return false;
          }
          store.write(
              tx -> {
                tx.put(Table.ISSUER_KEYS, name, Jwks.write(fetched));
                return true;
              });
          Map<String, List<JwtKey>> next = new HashMap<>(keys);
          next.put(name, fetched);
          keys = Map.copyOf(next);
          return true;
        });
  }

  private synchronized void ended(KeySource source, @Nullable String problem) {
    Attempts each = attempts.computeIfAbsent(source.name(), unused -> new Attempts());
    Instant now = clock.instant();
    each.running = false;
    if (problem == null) {
      each.due = now.plus(refresh);
      each.fetched = now;
      each.failures = 0;
    } else {
      Duration wait = FIRST_RETRY.multipliedBy(1L << Math.min(each.failures++, 16));
      each.due = now.plus(wait.compareTo(LAST_RETRY) > 0 ? LAST_RETRY : wait);
      if (!problem.equals(each.problem)) {
        log.warn(
            "keys of tokens: {}; {}",
            problem,
            keys.containsKey(source.name())
                ? "those fetched last stay in force"
                : "until there are any, tokens of this rule are refused");
      }
    }
    each.problem = problem;
  }
}
