package dev.weft.agent.control;

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
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * A cache directory that this process alone uses. Several instances of one service on a machine
 * take {@code dir}, {@code dir-2}, {@code dir-3} and so on; the lock is the operating system's and
 * ends with the process, however it ends.
 */
final class CacheSlot implements Closeable {

  private static final int MAX_SLOTS = 64;
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");

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
    makePrivate(directory);
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
        requireOwn(directory, lockFile);
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

  private static void makePrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      Path parent = directory.toAbsolutePath().getParent();
      if (parent != null) {
        Files.createDirectories(parent);
      }
      try {
        Files.createDirectory(directory, PosixFilePermissions.asFileAttribute(PRIVATE));
        return;
      } catch (UnsupportedOperationException e) {
        Files.createDirectory(directory);
        return;
      } catch (FileAlreadyExistsException e) {
        if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
          throw new IOException(directory + " is not a directory", e);
        }
      }
    }
    try {
      if (!Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS).equals(PRIVATE)) {
        Files.setPosixFilePermissions(directory, PRIVATE);
      }
    } catch (UnsupportedOperationException e) {
      // Not a POSIX file system.
    }
  }

  /** A directory or a file that somebody else put there could bring somebody else's policy. */
  private static void requireOwn(Path directory, Path lockFile) throws IOException {
    Path probe = Files.createTempFile(directory, "probe", null);
    try {
      Object self = Files.getOwner(probe);
      if (!self.equals(Files.getOwner(directory, LinkOption.NOFOLLOW_LINKS))
          || !self.equals(Files.getOwner(lockFile, LinkOption.NOFOLLOW_LINKS))) {
        throw new IOException(directory + " belongs to another user");
      }
    } catch (UnsupportedOperationException e) {
      // No owners on this file system.
    } finally {
      Files.deleteIfExists(probe);
    }
  }
}
