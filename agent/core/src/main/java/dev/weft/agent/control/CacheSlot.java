package dev.weft.agent.control;

import dev.weft.agent.PrivateDirectory;
import java.io.Closeable;
import java.io.IOException;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.channels.OverlappingFileLockException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import org.jspecify.annotations.Nullable;

/**
 * A cache directory that this process alone uses. Several instances of one service on a machine
 * take {@code dir}, {@code dir-2}, {@code dir-3} and so on; the lock is the operating system's and
 * ends with the process, however it ends.
 */
final class CacheSlot implements Closeable {

  private static final int MAX_SLOTS = 64;

  private final Path directory;
  private final FileChannel channel;

  private CacheSlot(Path directory, FileChannel channel) {
    this.directory = directory;
    this.channel = channel;
  }

  /**
   * Takes the first free directory.
   *
   * @throws IOException when none can be made, locked, or is safely ours
   */
  static CacheSlot take(Path wanted) throws IOException {
    for (int slot = 1; slot <= MAX_SLOTS; slot++) {
      Path directory =
          slot == 1 ? wanted : wanted.resolveSibling(wanted.getFileName() + "-" + slot);
      CacheSlot taken = lock(directory);
      if (taken != null) {
        return taken;
      }
    }
    throw new IOException("all " + MAX_SLOTS + " directories at " + wanted + " are in use");
  }

  Path file(String name) {
    return directory.resolve(name);
  }

  Path directory() {
    return directory;
  }

  @Override
  public void close() throws IOException {
    channel.close();
  }

  private static @Nullable CacheSlot lock(Path directory) throws IOException {
    PrivateDirectory.make(directory);
    Path lockFile = directory.resolve("lock");
    if (!Files.exists(lockFile, LinkOption.NOFOLLOW_LINKS)) {
      try {
        CacheFile.createPrivate(lockFile);
      } catch (FileAlreadyExistsException e) {
        // Another instance was faster; the lock decides.
      }
    }
    FileChannel channel =
        FileChannel.open(lockFile, StandardOpenOption.WRITE, LinkOption.NOFOLLOW_LINKS);
    try {
      FileLock lock = channel.tryLock();
      if (lock != null) {
        // What somebody else put there could bring somebody else's policy.
        if (!PrivateDirectory.isOwn(directory, lockFile)) {
          throw new IOException(directory + " belongs to another user");
        }
        return new CacheSlot(directory, channel);
      }
    } catch (OverlappingFileLockException e) {
      // Held by this very process: taken as well.
    } catch (IOException e) {
      channel.close();
      throw e;
    }
    channel.close();
    return null;
  }
}
