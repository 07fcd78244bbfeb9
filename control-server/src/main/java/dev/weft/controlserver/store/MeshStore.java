package dev.weft.controlserver.store;

import dev.weft.controlserver.StartupException;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.util.EnumMap;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.locks.ReentrantLock;
import org.h2.mvstore.MVMap;
import org.h2.mvstore.MVStore;
import org.h2.mvstore.MVStoreException;
import org.jspecify.annotations.Nullable;

/**
 * The durable state of the mesh: a few maps of text, changed in transactions.
 *
 * <p>{@link #write} returns only after commit and fsync, so what was acknowledged survives the
 * death of the process or the machine. Writers are serial. When a commit fails the store refuses
 * every further write until the server is started again: after a failed fsync nobody knows what is
 * on disk, and only reading it afresh tells. Thread-safe.
 */
public final class MeshStore implements Closeable {
  private final ReentrantLock lock = new ReentrantLock();
  private final MVStore store;
  private final FileChannel lockChannel;
  private final Map<Table, MVMap<String, String>> maps = new EnumMap<>(Table.class);
  private volatile @Nullable String failure;

  private MeshStore(MVStore store, FileChannel lockChannel) {
    this.store = store;
    this.lockChannel = lockChannel;
    for (Table table : Table.values()) {
      maps.put(table, store.openMap(table.name()));
    }
  }

  /**
   * Opens the store in {@code directory} and locks the directory for this process.
   *
   * @throws StartupException when another server holds it or it cannot be read and written
   */
  public static MeshStore open(Path directory) {
    return open(directory, directory.resolve("mesh.db").toString());
  }

  static MeshStore open(Path directory, String fileName) {
    FileChannel channel = lock(directory);
    try {
      MVStore store = new MVStore.Builder().fileName(fileName).autoCommitDisabled().open();
      return new MeshStore(store, channel);
    } catch (MVStoreException e) {
      closeQuietly(channel);
      throw new StartupException(
          fileName + " cannot be opened: " + e.getMessage() + "; restore it from a backup", e);
    }
  }

  /** The view of one transaction; valid only while {@link #write} runs the change. */
  public final class Transaction {
    private Transaction() {}

    public @Nullable String get(Table table, String key) {
      return map(table).get(key);
    }

    public void put(Table table, String key, String value) {
      map(table).put(key, value);
    }

    public @Nullable String remove(Table table, String key) {
      return map(table).remove(key);
    }

    public Map<String, String> entries(Table table) {
      return new TreeMap<>(map(table));
    }
  }

  /** A change to the store. */
  @FunctionalInterface
  public interface Change<T, X extends Exception> {
    T apply(Transaction tx) throws X;
  }

  /**
   * Runs {@code change} alone and makes it durable. An exception of the change rolls it back and is
   * passed on.
   *
   * @throws StoreException when it could not be made durable; then it must not be acknowledged
   */
  public <T, X extends Exception> T write(Change<T, X> change) throws X {
    lock.lock();
    try {
      if (lock.getHoldCount() > 1) {
        // The inner commit would make half of the outer change durable.
        throw new IllegalStateException("a transaction inside a transaction");
      }
      if (failure != null) {
        throw new StoreException(
            "the store refuses writes since it failed: " + failure, new IOException(failure));
      }
      T result;
      boolean whole = false;
      try {
        result = change.apply(new Transaction());
        whole = true;
      } catch (MVStoreException e) {
        throw failed(e);
      } finally {
        if (!whole && !store.isClosed()) {
          store.rollback();
        }
      }
      try {
        if (store.hasUnsavedChanges()) {
          store.commit();
          store.sync();
        }
      } catch (RuntimeException e) {
        throw failed(e);
      }
      return result;
    } finally {
      lock.unlock();
    }
  }

  private StoreException failed(RuntimeException e) {
    failure = String.valueOf(e.getMessage());
    return new StoreException(
        "the change could not be written to the data directory and was not made: "
            + e.getMessage()
            + "; free the disk and start the control server again",
        e);
  }

  /** One committed value, or null. */
  public @Nullable String get(Table table, String key) {
    lock.lock();
    try {
      return map(table).get(key);
    } finally {
      lock.unlock();
    }
  }

  /** A copy of a whole table, in the order of its keys. */
  public Map<String, String> entries(Table table) {
    lock.lock();
    try {
      return new TreeMap<>(map(table));
    } finally {
      lock.unlock();
    }
  }

  /** Why the store no longer takes writes, or null while it does. */
  public @Nullable String failure() {
    return failure;
  }

  /** Gives back the room of superseded versions; to be called now and then. */
  public void compact() {
    lock.lock();
    try {
      if (failure == null) {
        store.compact(50, 4 * 1024 * 1024);
      }
    } catch (RuntimeException e) {
      failure = String.valueOf(e.getMessage());
    } finally {
      lock.unlock();
    }
  }

  @Override
  public void close() {
    lock.lock();
    try {
      if (failure == null) {
        store.close();
      } else {
        store.closeImmediately();
      }
    } finally {
      lock.unlock();
      closeQuietly(lockChannel);
    }
  }

  private MVMap<String, String> map(Table table) {
    MVMap<String, String> map = maps.get(table);
    if (map == null) {
      throw new IllegalArgumentException("no table " + table);
    }
    return map;
  }

  private static FileChannel lock(Path directory) {
    Path file = directory.resolve("lock");
    try {
      FileChannel channel =
          FileChannel.open(file, StandardOpenOption.CREATE, StandardOpenOption.WRITE);
      FileLock lock;
      try {
        lock = channel.tryLock();
      } catch (OverlappingFileLockException heldHere) {
        lock = null;
      }
      if (lock == null) {
        channel.close();
        throw new StartupException(
            "the data directory " + directory + " is in use by another control server");
      }
      return channel;
    } catch (IOException e) {
      String why = Files.isWritable(directory) ? e.getMessage() : "it is not writable";
      throw new StartupException("the data directory " + directory + " cannot be used: " + why, e);
    }
  }

  private static void closeQuietly(FileChannel channel) {
    try {
      channel.close();
    } catch (IOException nothingToSave) {
      // The lock goes with the process at the latest.
    }
  }
}
