package dev.weft.agent.control;

import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.charset.StandardCharsets;
import java.nio.file.AtomicMoveNotSupportedException;
import java.nio.file.Files;
import java.nio.file.LinkOption;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.nio.file.StandardOpenOption;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.util.Arrays;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;
import org.jspecify.annotations.Nullable;

/**
 * Files of the cache: written whole or not at all, readable by their owner only, and sealed with an
 * HMAC over what they are, whose they are and what they say (docs/adr/0044).
 */
final class CacheFile {

  static final int MAC_BYTES = 32;
  private static final String MAC = "HmacSHA256";
  private static final long MAX_BYTES = 64L * 1024 * 1024;

  private CacheFile() {}

  /**
   * Seals and writes; after the return either the new or, after a crash, the old content is there.
   */
  static void writeSealed(Path file, byte[] key, String owner, byte[] content)
      throws IOException, GeneralSecurityException {
    byte[] mac = mac(key, file, owner, content);
    byte[] sealed = Arrays.copyOf(mac, mac.length + content.length);
    System.arraycopy(content, 0, sealed, mac.length, content.length);
    write(file, sealed);
  }

  /**
   * Reads and checks the seal.
   *
   * @return null when there is no such file
   * @throws IOException when it cannot be read, or is not what this owner wrote there
   */
  static byte @Nullable [] readSealed(Path file, byte[] key, String owner)
      throws IOException, GeneralSecurityException {
    if (!Files.isRegularFile(file, LinkOption.NOFOLLOW_LINKS)) {
      return null;
    }
    long size = Files.size(file);
    if (size < MAC_BYTES || size > MAX_BYTES) {
      throw new IOException("it is damaged");
    }
    byte[] sealed = Files.readAllBytes(file);
    byte[] content = Arrays.copyOfRange(sealed, MAC_BYTES, sealed.length);
    byte[] found = Arrays.copyOf(sealed, MAC_BYTES);
    if (!MessageDigest.isEqual(found, mac(key, file, owner, content))) {
      throw new IOException("it is damaged or belongs to another service");
    }
    return content;
  }

  /** Writes to a new file, forces it to the disk, renames it over the old one. */
  static void write(Path file, byte[] content) throws IOException {
    Path name = file.getFileName();
    Path fresh = file.resolveSibling((name == null ? "cache" : name.toString()) + ".new");
    Files.deleteIfExists(fresh);
    try {
      createPrivate(fresh);
      try (FileChannel channel = FileChannel.open(fresh, StandardOpenOption.WRITE)) {
        ByteBuffer rest = ByteBuffer.wrap(content);
        while (rest.hasRemaining()) {
          channel.write(rest);
        }
        channel.force(true);
      }
      move(fresh, file);
    } finally {
      Files.deleteIfExists(fresh);
    }
    forceDirectory(file);
  }

  /** Creates an empty file that only its owner can open, from its first moment on. */
  static void createPrivate(Path file) throws IOException {
    try {
      Files.createFile(
          file, PosixFilePermissions.asFileAttribute(PosixFilePermissions.fromString("rw-------")));
    } catch (UnsupportedOperationException e) {
      // Not a POSIX file system: the directory below the user's profile is private there.
      Files.createFile(file);
    }
  }

  private static void move(Path from, Path to) throws IOException {
    try {
      Files.move(from, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (AtomicMoveNotSupportedException e) {
      Files.move(from, to, StandardCopyOption.REPLACE_EXISTING);
    }
  }

  /**
   * The rename itself must survive a power cut too; where directories cannot be opened, it has to
   * do without.
   */
  private static void forceDirectory(Path file) {
    Path directory = file.getParent();
    if (directory == null) {
      return;
    }
    try (FileChannel channel = FileChannel.open(directory, StandardOpenOption.READ)) {
      channel.force(true);
    } catch (IOException e) {
      // Windows refuses to open a directory.
    }
  }

  private static byte[] mac(byte[] key, Path file, String owner, byte[] content)
      throws GeneralSecurityException {
    Mac mac = Mac.getInstance(MAC);
    mac.init(new SecretKeySpec(key, MAC));
    mac.update(String.valueOf(file.getFileName()).getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    mac.update(owner.getBytes(StandardCharsets.UTF_8));
    mac.update((byte) 0);
    return mac.doFinal(content);
  }
}
