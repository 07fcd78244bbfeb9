package dev.weft.agent.entry;

import java.io.DataInputStream;
import java.io.EOFException;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.zip.DataFormatException;
import java.util.zip.Inflater;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import org.jspecify.annotations.Nullable;

/**
 * The files of the agent, all in one entry of its jar: the JVM reads the name of each entry of a
 * jar on {@code -javaagent} before {@code main}, and the agent has seven thousand files
 * (docs/adr/0231). Thread-safe.
 *
 * <p>Big-endian. {@code int} number of files; a record for each of them, by ascending hash of its
 * name; then the files, each after its name in ASCII. A record has five {@code int}: {@link
 * String#hashCode} of the name, where the name begins after the last record, length of the name,
 * length of the file here, length of the file. The last two differ where the file is deflated (RFC
 * 1951).
 */
final class AgentBundle {
  /** The entry of the jar, stored as it is. */
  static final String ENTRY = "mesh/agent.bundle";

  private static final int RECORD = 5 * 4;

  private final ZipFile jar;
  private final ZipEntry entry;
  private final ByteBuffer records;
  private final int count;

  private AgentBundle(ZipFile jar, ZipEntry entry, byte[] records) {
    this.jar = jar;
    this.entry = entry;
    this.records = ByteBuffer.wrap(records);
    this.count = records.length / RECORD;
  }

  /** The bundle in {@code jar}, which stays open as long as the JVM lives. */
  static AgentBundle of(File jar) throws IOException {
    ZipFile open = new ZipFile(jar);
    ZipEntry entry = open.getEntry(ENTRY);
    if (entry == null) {
      throw new IOException(jar + " has no " + ENTRY);
    }
    DataInputStream in = new DataInputStream(open.getInputStream(entry));
    try {
      int count = in.readInt();
      if (count < 0 || count > entry.getSize() / RECORD) {
        throw new IOException(ENTRY + " of " + jar + " is damaged");
      }
      byte[] records = new byte[count * RECORD];
      in.readFully(records);
      return new AgentBundle(open, entry, records);
    } finally {
      in.close();
    }
  }

  /** A file by its name, with slashes; null when there is none. */
  byte @Nullable [] read(String name) throws IOException {
    int hash = name.hashCode();
    for (int i = first(hash); i < count && number(i, 0) == hash; i++) {
      if (number(i, 2) == name.length()) {
        byte[] file = read(i, name);
        if (file != null) {
          return file;
        }
      }
    }
    return null;
  }

  /** The first record whose hash is not below this one. */
  private int first(int hash) {
    int low = 0;
    int high = count;
    while (low < high) {
      int middle = (low + high) >>> 1;
      if (number(middle, 0) < hash) {
        low = middle + 1;
      } else {
        high = middle;
      }
    }
    return low;
  }

  private int number(int record, int at) {
    return records.getInt(record * RECORD + 4 * at);
  }

  private byte @Nullable [] read(int record, String name) throws IOException {
    byte[] named = new byte[name.length()];
    byte[] stored = new byte[number(record, 3)];
    long skipped = 4L + (long) count * RECORD + number(record, 1);
    InputStream opened = jar.getInputStream(entry);
    try {
      // Of a stored entry this only moves a position.
      if (opened.skip(skipped) != skipped) {
        throw new EOFException(ENTRY + " is cut off");
      }
      DataInputStream in = new DataInputStream(opened);
      in.readFully(named);
      // No loop here: it would be the hottest of a start, and the JIT's first work.
      if (!Arrays.equals(named, name.getBytes(StandardCharsets.ISO_8859_1))) {
        return null;
      }
      // Straight to where it stays: a start reads four megabytes.
      in.readFully(stored);
    } finally {
      opened.close();
    }
    int size = number(record, 4);
    return size == stored.length ? stored : inflated(stored, size);
  }

  private static byte[] inflated(byte[] stored, int size) throws IOException {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      byte[] file = new byte[size];
      int at = 0;
      while (at < size) {
        int n = inflater.inflate(file, at, size - at);
        if (n == 0) {
          throw new EOFException("a file in " + ENTRY + " is cut off");
        }
        at += n;
      }
      return file;
    } catch (DataFormatException e) {
      throw new IOException("a file in " + ENTRY + " is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
