package dev.weft.agent.control;

import dev.weft.policy.JsonTree;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.io.Closeable;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyFactory;
import java.security.PrivateKey;
import java.security.SecureRandom;
import java.security.spec.PKCS8EncodedKeySpec;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * What an agent keeps on disk, so that an application restarted while the control server is away
 * comes up with its identity and the last policy. Nothing here ever fails the agent: what cannot be
 * read is ignored and what cannot be written is left out, each with one line. Thread-safe.
 */
final class AgentCache implements Closeable {

  private static final String KEY = "cache.key";
  private static final String IDENTITY = "identity";
  private static final String SNAPSHOT = "snapshot";

  private final @Nullable CacheSlot slot;
  private final byte[] key;
  private final String owner;
  private final LineLog log;

  private AgentCache(@Nullable CacheSlot slot, byte[] key, String owner, LineLog log) {
    this.slot = slot;
    this.key = key;
    this.owner = owner;
    this.log = log;
  }

  /** Opens the cache of this service; without a usable directory, one that holds nothing. */
  static AgentCache open(ControlConfig config, LineLog log) {
    String owner = config.namespace + "/" + config.service + "/" + config.serviceAccount;
    Path wanted = config.cacheDir;
    if (wanted == null) {
      log.line("cache", "this user has no home directory: set mesh.cache-dir to keep a cache");
      return new AgentCache(null, new byte[0], owner, log);
    }
    CacheSlot slot = null;
    try {
      slot = CacheSlot.take(wanted);
      return new AgentCache(slot, key(slot.file(KEY)), owner, log);
    } catch (IOException | RuntimeException e) {
      log.line(
          "cache",
          "mesh.cache-dir: "
              + wanted
              + " cannot be used, so a restart needs the control server: "
              + LineLog.why(e));
      closeQuietly(slot);
      return new AgentCache(null, new byte[0], owner, log);
    }
  }

  /** Where the cache is; null when there is none. */
  @Nullable Path directory() {
    return slot == null ? null : slot.directory();
  }

  synchronized @Nullable Credentials identity() {
    Map<String, Object> stored = read(IDENTITY);
    if (stored == null) {
      return null;
    }
    try {
      byte[] encoded = Base64.getDecoder().decode((String) stored.get("key"));
      PrivateKey privateKey =
          KeyFactory.getInstance((String) stored.get("algorithm"))
              .generatePrivate(new PKCS8EncodedKeySpec(encoded));
      return Credentials.of(
          privateKey,
          Credentials.certificates(texts(stored.get("chain"))),
          Credentials.certificates(texts(stored.get("bundle"))));
    } catch (GeneralSecurityException | RuntimeException e) {
      ignored(IDENTITY, e);
      return null;
    }
  }

  synchronized @Nullable Snapshot snapshot() {
    Map<String, Object> stored = read(SNAPSHOT);
    if (stored == null) {
      return null;
    }
    try {
      return SnapshotCodec.fromMap(stored);
    } catch (RuntimeException e) {
      ignored(SNAPSHOT, e);
      return null;
    }
  }

  synchronized void store(Credentials svid) {
    try {
      Map<String, Object> stored = new LinkedHashMap<>();
      stored.put("algorithm", svid.key().getAlgorithm());
      stored.put("key", Base64.getEncoder().encodeToString(svid.key().getEncoded()));
      stored.put("chain", Credentials.pems(svid.chain()));
      stored.put("bundle", Credentials.pems(svid.bundle()));
      write(IDENTITY, JsonTree.STANDARD.bytes(stored));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      notKept(e);
    }
  }

  void store(Snapshot snapshot) {
    storeSnapshot(SnapshotCodec.toMap(snapshot));
  }

  /** A snapshot as a document that {@link SnapshotCodec#fromMap} reads. */
  synchronized void storeSnapshot(Map<String, ?> document) {
    try {
      write(SNAPSHOT, JsonTree.STANDARD.bytes(document));
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      notKept(e);
    }
  }

  /** Lets another process take the directory. */
  @Override
  public void close() {
    closeQuietly(slot);
  }

  private void write(String name, byte[] content) throws IOException, GeneralSecurityException {
    if (slot != null) {
      CacheFile.writeSealed(slot.file(name), key, owner, content);
    }
  }

  private @Nullable Map<String, Object> read(String name) {
    if (slot == null) {
      return null;
    }
    try {
      byte[] content = CacheFile.readSealed(slot.file(name), key, owner);
      return content == null ? null : JsonTree.STANDARD.read(content);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      ignored(name, e);
      return null;
    }
  }

  private static byte[] key(Path file) throws IOException {
    if (Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      byte[] stored = Files.readAllBytes(file);
      if (stored.length == CacheFile.MAC_BYTES) {
        return stored;
      }
    }
    byte[] fresh = new byte[CacheFile.MAC_BYTES];
    new SecureRandom().nextBytes(fresh);
    CacheFile.write(file, fresh);
    return fresh;
  }

  private static List<String> texts(@Nullable Object list) {
    List<String> texts = new ArrayList<>();
    if (list instanceof List) {
      for (Object text : (List<?>) list) {
        texts.add((String) text);
      }
    }
    return texts;
  }

  private void ignored(String name, Exception cause) {
    log.line("cache-" + name, "the cached " + name + " is ignored: " + LineLog.why(cause));
  }

  private void notKept(Exception cause) {
    log.line("cache", "the cache in " + directory() + " is not written: " + LineLog.why(cause));
  }

  private static void closeQuietly(@Nullable CacheSlot slot) {
    if (slot != null) {
      try {
        slot.close();
      } catch (IOException e) {
        // The lock goes with the process at the latest.
      }
    }
  }
}
