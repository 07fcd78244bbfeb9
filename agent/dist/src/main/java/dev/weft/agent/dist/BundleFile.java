package dev.weft.agent.dist;

import java.io.ByteArrayOutputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Comparator;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.function.Predicate;
import java.util.zip.DataFormatException;
import java.util.zip.Deflater;
import java.util.zip.Inflater;

/**
 * Writes what the agent's class loader reads: many files in one, in the format that {@code
 * dev.weft.agent.entry.AgentBundle} tells. Same input, same bytes.
 */
public final class BundleFile {
  /** The entry of the agent jar. */
  public static final String ENTRY = "mesh/agent.bundle";

  private static final int NUMBERS = 5;

  /** Where a file has been put. */
  private record Kept(String name, int at, int length, int size) {}

  private BundleFile() {}

  /**
   * The bundle of these files.
   *
   * @param files by name, with slashes, in ASCII
   * @param first those that every start reads: together, and not deflated, which saves inflating
   *     each
   */
  public static byte[] write(SortedMap<String, byte[]> files, Predicate<String> first) {
    List<Kept> records = new ArrayList<>();
    ByteArrayOutputStream content = new ByteArrayOutputStream();
    put(files, first, true, records, content);
    put(files, first, false, records, content);
    records.sort(Comparator.comparingInt((Kept kept) -> kept.name.hashCode()));
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    try (DataOutputStream out = new DataOutputStream(all)) {
      out.writeInt(records.size());
      for (Kept kept : records) {
        out.writeInt(kept.name.hashCode());
        out.writeInt(kept.at);
        out.writeInt(kept.name.length());
        out.writeInt(kept.length);
        out.writeInt(kept.size);
      }
      content.writeTo(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return all.toByteArray();
  }

  private static void put(
      SortedMap<String, byte[]> files,
      Predicate<String> first,
      boolean now,
      List<Kept> records,
      ByteArrayOutputStream content) {
    files.forEach(
        (name, file) -> {
          if (first.test(name) == now) {
            byte[] stored = now ? file : smaller(file);
            records.add(new Kept(name, content.size(), stored.length, file.length));
            content.writeBytes(name.getBytes(StandardCharsets.US_ASCII));
            content.writeBytes(stored);
          }
        });
  }

  /** The files of a bundle, by name. */
  public static SortedMap<String, byte[]> read(byte[] bundle) {
    ByteBuffer in = ByteBuffer.wrap(bundle);
    int count = in.getInt();
    int start = Integer.BYTES * (1 + count * NUMBERS);
    SortedMap<String, byte[]> files = new TreeMap<>();
    for (int i = 0; i < count; i++) {
      in.getInt();
      int at = start + in.getInt();
      int length = in.getInt();
      int stored = in.getInt();
      int size = in.getInt();
      byte[] file = new byte[stored];
      System.arraycopy(bundle, at + length, file, 0, stored);
      files.put(
          new String(bundle, at, length, StandardCharsets.US_ASCII),
          size == stored ? file : inflated(file, size));
    }
    return files;
  }

  /** The file deflated, or itself where that saves nothing. */
  private static byte[] smaller(byte[] file) {
    Deflater deflater = new Deflater(Deflater.BEST_COMPRESSION, true);
    try {
      deflater.setInput(file);
      deflater.finish();
      byte[] out = new byte[file.length];
      int length = 0;
      while (!deflater.finished() && length < out.length) {
        length += deflater.deflate(out, length, out.length - length);
      }
      return length < file.length ? Arrays.copyOf(out, length) : file;
    } finally {
      deflater.end();
    }
  }

  private static byte[] inflated(byte[] stored, int size) {
    Inflater inflater = new Inflater(true);
    try {
      inflater.setInput(stored);
      byte[] file = new byte[size];
      int length = 0;
      while (length < size) {
        int n = inflater.inflate(file, length, size - length);
        if (n == 0) {
          throw new IllegalArgumentException("a file of the bundle is cut off");
        }
        length += n;
      }
      return file;
    } catch (DataFormatException e) {
      throw new IllegalArgumentException("a file of the bundle is damaged", e);
    } finally {
      inflater.end();
    }
  }
}
