package dev.weft.controlserver.store;

import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.temporal.ChronoUnit;
import java.util.Base64;
import java.util.HashSet;
import java.util.HexFormat;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * The runs of the server on one store, and so whether this store is an older copy of what has been.
 *
 * <p>Each run has an epoch that the store's secret key vouches for. An agent that brings an epoch
 * with a good seal that is not in the store proves that the store has lost that run. A copy made by
 * {@link Backup} says so itself. From then on the store counts as restored: no join token from
 * before is accepted, for it may have been used since; and snapshots say so, upon which agents keep
 * what they know to be withdrawn, until an operator confirms that the state is right. Thread-safe.
 */
public final class RunHistory {
  /** Runs remembered one by one; of earlier ones only that they were. */
  private static final int REMEMBERED = 1_000;

  private static final String KEY = "history-key";
  private static final String LAST_RUN = "last-run";
  private static final String COPIED = "copied";
  private static final String RESTORED = "restored";
  private static final Pattern EPOCH =
      Pattern.compile("([0-9]{1,18})-([0-9a-f]{16})-([0-9a-f]{32})");

  private final MeshStore store;
  private final Clock clock;
  private final byte[] key;
  private final long run;
  private final String epoch;
  private final Set<String> known;
  private volatile @Nullable String restored;

  private RunHistory(MeshStore store, Clock clock, SecureRandom random) {
    this.store = store;
    this.clock = clock;
    byte[] fresh = new byte[32];
    random.nextBytes(fresh);
    byte[] mark = new byte[8];
    random.nextBytes(mark);
    String stored = store.get(Table.META, KEY);
    key = stored == null ? fresh : Base64.getDecoder().decode(stored);
    String last = store.get(Table.META, LAST_RUN);
    run = last == null ? 1 : Long.parseLong(last) + 1;
    String name = run + "-" + HexFormat.of().formatHex(mark);
    epoch = name + "-" + seal(name);
    boolean copied = store.get(Table.META, COPIED) != null;
    known = store.write(this::begin);
    restored = store.get(Table.META, RESTORED);
    if (copied) {
      markRestored("started from a backup");
    }
  }

  /** Begins a run; that it did is durable when this returns. */
  public static RunHistory begin(MeshStore store, Clock clock, SecureRandom random) {
    return new RunHistory(store, clock, random);
  }

  private Set<String> begin(MeshStore.Transaction tx) {
    tx.put(Table.META, KEY, Base64.getEncoder().encodeToString(key));
    tx.put(Table.META, LAST_RUN, Long.toString(run));
    tx.put(Table.RUNS, Long.toString(run), epoch);
    Set<String> epochs = new HashSet<>();
    for (Map.Entry<String, String> entry : tx.entries(Table.RUNS).entrySet()) {
      if (Long.parseLong(entry.getKey()) <= run - REMEMBERED) {
        tx.remove(Table.RUNS, entry.getKey());
      } else {
        epochs.add(entry.getValue());
      }
    }
    return epochs;
  }

  /** Marks {@code copy}, which is not in use, so that a start on it counts as a restore. */
  static void markCopied(MeshStore copy, Clock clock) {
    copy.write(
        tx -> {
          tx.put(Table.META, COPIED, clock.instant().toString());
          return true;
        });
  }

  /** The epoch of this run; no other run, of whatever copy of the store, has the same. */
  public String epoch() {
    return epoch;
  }

  /** Since when and why the store counts as restored, or null while it does not. */
  public @Nullable String restored() {
    return restored;
  }

  /**
   * Whether {@code witnessed}, brought by an agent, is of a run that this store should know and
   * does not. Cheap: it reads nothing from disk.
   */
  public boolean isLost(String witnessed) {
    Matcher parts = EPOCH.matcher(witnessed);
    if (known.contains(witnessed) || !parts.matches()) {
      return false;
    }
    String name = parts.group(1) + "-" + parts.group(2);
    return MessageDigest.isEqual(bytes(parts.group(3)), bytes(seal(name)))
        && Long.parseLong(parts.group(1)) > run - REMEMBERED;
  }

  /** Notes that the store is an older copy; whether that is news. */
  public boolean markRestored(String why) {
    String note = clock.instant().truncatedTo(ChronoUnit.SECONDS) + " " + why;
    boolean news =
        store.write(
            tx -> {
              tx.remove(Table.META, COPIED);
              tx.entries(Table.JOIN_TOKENS)
                  .keySet()
                  .forEach(id -> tx.remove(Table.JOIN_TOKENS, id));
              if (tx.get(Table.META, RESTORED) != null) {
                return false;
              }
              tx.put(Table.META, RESTORED, note);
              return true;
            });
    restored = store.get(Table.META, RESTORED);
    return news;
  }

  /**
   * As {@link #markRestored} for a store that does not count as restored yet: once it does, what
   * further agents prove is no news, and must not take away the tokens made since.
   */
  public boolean witness(String witnessed) {
    return restored == null && isLost(witnessed) && markRestored("an agent remembers a later run");
  }

  /** An operator vouches for the state as it is; whether it counted as restored. */
  public boolean confirm() {
    boolean was = store.write(tx -> tx.remove(Table.META, RESTORED) != null);
    restored = null;
    return was;
  }

  private String seal(String name) {
    try {
      Mac mac = Mac.getInstance("HmacSHA256");
      mac.init(new SecretKeySpec(key, "HmacSHA256"));
      return HexFormat.of().formatHex(mac.doFinal(bytes("weft-epoch:" + name)), 0, 16);
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("this Java runtime has no HMAC-SHA-256", e);
    }
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
