package dev.weft.agent;

import java.io.IOException;
import java.nio.file.FileAlreadyExistsException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermission;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.EnumSet;
import java.util.Set;

/**
 * Directories that only the user of this process can change: what lies there is believed. Where a
 * file system knows neither owners nor permissions, the user's profile has to be private.
 * Thread-safe.
 */
public final class PrivateDirectory {
  private static final Set<PosixFilePermission> PRIVATE =
      PosixFilePermissions.fromString("rwx------");
  private static final Set<PosixFilePermission> OTHERS_WRITE =
      EnumSet.of(PosixFilePermission.GROUP_WRITE, PosixFilePermission.OTHERS_WRITE);
  private static final int PROBES = 100;

  private PrivateDirectory() {}

  /**
   * Makes a directory of mode 0700 with those above it, or gives that mode to one that is there.
   *
   * @throws IOException when something else is in its place, also a link to a directory
   */
  public static void make(Path directory) throws IOException {
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

  /**
   * Whether nobody else can have put anything there since it was made: it is a directory, not a
   * link, of this user, and only this user may write in it. Makes and deletes a file in it.
   *
   * @throws IOException when that cannot be found out
   */
  public static boolean isPrivate(Path directory) throws IOException {
    if (!Files.isDirectory(directory, LinkOption.NOFOLLOW_LINKS)) {
      return false;
    }
    try {
      for (PosixFilePermission permission :
          Files.getPosixFilePermissions(directory, LinkOption.NOFOLLOW_LINKS)) {
        if (OTHERS_WRITE.contains(permission)) {
          return false;
        }
      }
    } catch (UnsupportedOperationException e) {
      // Not a POSIX file system.
    }
    return isOwn(directory);
  }

  /**
   * Whether a directory, and files in it, belong to the user of this process. Makes and deletes a
   * file in it.
   *
   * @throws IOException when that cannot be found out
   */
  public static boolean isOwn(Path directory, Path... files) throws IOException {
    Path probe = probe(directory);
    try {
      Object self = owner(probe);
      if (!self.equals(owner(directory))) {
        return false;
      }
      for (Path file : files) {
        if (!self.equals(owner(file))) {
          return false;
        }
      }
      return true;
    } catch (UnsupportedOperationException e) {
      // No owners on this file system.
      return true;
    } finally {
      Files.deleteIfExists(probe);
    }
  }

  /** The file's user as a number where there is one: a name may be asked for over a network. */
  private static Object owner(Path file) throws IOException {
    try {
      return Files.getAttribute(file, "unix:uid", LinkOption.NOFOLLOW_LINKS);
    } catch (UnsupportedOperationException | IllegalArgumentException e) {
      return Files.getOwner(file, LinkOption.NOFOLLOW_LINKS);
    }
  }

  /** A file that was not there before: nobody else can have made it. */
  private static Path probe(Path directory) throws IOException {
    for (int i = 0; i < PROBES; i++) {
      Path probe = directory.resolve("probe" + Long.toHexString(System.nanoTime()));
      try {
        return Files.createFile(probe);
      } catch (FileAlreadyExistsException e) {
        // Another process's, at the same nanosecond.
      }
    }
    throw new IOException("no file can be made in " + directory);
  }
}
