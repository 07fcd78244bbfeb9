package dev.weft.agent.weave;

import dev.weft.agent.AgentLog;
import dev.weft.agent.MeshThreads;
import dev.weft.agent.PrivateDirectory;
import java.io.BufferedReader;
import java.io.File;
import java.io.FileInputStream;
import java.io.FileOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.zip.CRC32;
import org.jspecify.annotations.Nullable;

/**
 * Class files that an earlier start has woven, so that this one needs no ByteBuddy: weaving the
 * same bytes with the same unit of the same agent gives the same bytes (docs/adr/0290). What is
 * woven is decided anew by each start.
 *
 * <p>A file for each in {@code woven/BUILD} of the cache directory: the unit, the class's name, its
 * bytes before and after, and a checksum. Only a directory that nobody else can write in is
 * believed, and only for exactly the same bytes. Nothing here ever fails a class load: what cannot
 * be read is woven anew. Thread-safe.
 */
public final class WovenClasses {
  /** Resource of the agent's class loader that names its build: the directory's name. */
  public static final String BUILD_RESOURCE = "agent.build";

  /** How long what only a later start needs stays away from this one. */
  private static final long UNHURRIED_MILLIS = 3_000;

  private static final int MAGIC = 0x57656601;
  private static final int HEAD = 4 * 4;
  private static final int TAIL = 4;
  private static final int MAX_FILE = 16 << 20;

  /**
   * An application of any size has some dozens; another agent may make them different each time.
   */
  private static final int MAX_FILES = 1_000;

  /** Its presence says that the last start did not find all it needed. */
  private static final String MISSED = "missed";

  private final @Nullable File cacheDirectory;
  private final String build;
  private final Executor later;
  private final List<Kept> fresh = new ArrayList<>();
  private @Nullable File directory;
  private boolean opened;
  private boolean found;
  private boolean complete;

  private static final class Kept {
    final File file;
    final byte[] content;

    Kept(File file, byte[] content) {
      this.file = file;
      this.content = content;
    }
  }

  private WovenClasses(@Nullable File cacheDirectory, String build, Executor later) {
    this.cacheDirectory = cacheDirectory;
    this.build = build;
    this.later = later;
  }

  /**
   * Those of this agent jar; none outside one. Touches no file before it is asked for a class.
   *
   * @param cacheDirectory {@code mesh.cache-dir}, null for none
   */
  static WovenClasses of(@Nullable String cacheDirectory) {
    return new WovenClasses(
        cacheDirectory == null ? null : new File(cacheDirectory),
        "",
        new Executor() {
          @Override
          public void execute(Runnable writing) {
            MeshThreads.create("weaver", new Later(writing)).start();
          }
        });
  }

  /**
   * Those of a certain build of the agent.
   *
   * @param later runs what writes files, some time after it was told
   */
  static WovenClasses of(File cacheDirectory, String build, Executor later) {
    return new WovenClasses(cacheDirectory, build, later);
  }

  private static final class Later implements Runnable {
    private final Runnable writing;

    Later(Runnable writing) {
      this.writing = writing;
    }

    @Override
    public void run() {
      try {
        Thread.sleep(UNHURRIED_MILLIS);
        writing.run();
      } catch (InterruptedException e) {
        // Nobody needs them.
      }
    }
  }

  /** Whether the last start found all it needed, so that this one is likely to. */
  synchronized boolean isComplete() {
    open();
    return complete;
  }

  /** What the unit has made of these bytes before, null when that is not known. */
  byte @Nullable [] find(String unit, String className, byte[] bytes) {
    File file = file(unit, className, bytes);
    if (file == null || !hasFound()) {
      return null;
    }
    try {
      long length = file.length();
      if (length < HEAD + TAIL || length > MAX_FILE) {
        return null;
      }
      byte[] content = new byte[(int) length];
      try (InputStream in = new FileInputStream(file)) {
        for (int n = 0; n < content.length; ) {
          int more = in.read(content, n, content.length - n);
          if (more < 0) {
            return null;
          }
          n += more;
        }
      }
      return woven(content, key(unit, className), bytes);
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Remembers what the unit has made of these bytes, for starts to come. */
  void keep(String unit, String className, byte[] bytes, byte[] woven) {
    File file = file(unit, className, bytes);
    if (file == null) {
      return;
    }
    byte[] content = content(key(unit, className), bytes, woven);
    synchronized (this) {
      fresh.add(new Kept(file, content));
      if (fresh.size() > 1) {
        return;
      }
    }
    try {
      later.execute(
          new Runnable() {
            @Override
            public void run() {
              write();
            }
          });
    } catch (RuntimeException | Error e) {
      AgentLog.once("woven classes are not kept: " + AgentLog.describe(e));
    }
  }

  private synchronized boolean hasFound() {
    open();
    return found;
  }

  private synchronized void open() {
    if (opened) {
      return;
    }
    opened = true;
    File cache = cacheDirectory;
    String name = build.isEmpty() ? ofAgentJar() : build;
    if (cache == null || name == null) {
      return;
    }
    File woven = new File(cache, "woven");
    File own = new File(woven, name);
    try {
      if (!cache.isDirectory() || !woven.isDirectory()) {
        directory = own;
      } else if (PrivateDirectory.isPrivate(cache.toPath())
          && PrivateDirectory.isPrivate(woven.toPath())) {
        directory = own;
        String[] files = own.list();
        found = files != null && files.length > 0;
        // Asked for again by the first class that is missing.
        complete = found && !new File(own, MISSED).delete();
      } else {
        AgentLog.once(
            "woven classes in " + woven + " are not used: others could have written there");
      }
    } catch (IOException | RuntimeException e) {
      AgentLog.once("woven classes in " + woven + " are not used: " + AgentLog.describe(e));
    }
  }

  private static @Nullable String ofAgentJar() {
    try (InputStream in = WovenClasses.class.getClassLoader().getResourceAsStream(BUILD_RESOURCE)) {
      return in == null
          ? null
          : new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
    } catch (IOException e) {
      return null;
    }
  }

  /** Writes what was woven since, each file whole or not at all. */
  private void write() {
    List<Kept> all;
    File target;
    boolean missed;
    synchronized (this) {
      all = new ArrayList<>(fresh);
      fresh.clear();
      target = directory;
      missed = found;
    }
    if (target == null) {
      return;
    }
    try {
      makeRoom(target, all.size());
      for (Kept kept : all) {
        File unfinished = new File(target, "new" + Long.toHexString(System.nanoTime()));
        try {
          try (FileOutputStream out = new FileOutputStream(unfinished)) {
            out.write(kept.content);
          }
          if (!unfinished.renameTo(kept.file) && !kept.file.exists()) {
            throw new IOException(unfinished + " cannot be renamed");
          }
        } finally {
          delete(unfinished);
        }
      }
      if (missed) {
        new FileOutputStream(new File(target, MISSED)).close();
      }
    } catch (IOException | RuntimeException e) {
      AgentLog.once("woven classes are not kept in " + target + ": " + AgentLog.describe(e));
    }
  }

  /** Makes the directory, and lets go what another build of the agent, or too many starts left. */
  private void makeRoom(File target, int more) throws IOException {
    File woven = target.getParentFile();
    File cache = cacheDirectory;
    if (woven == null || cache == null) {
      return;
    }
    PrivateDirectory.make(cache.toPath());
    PrivateDirectory.make(woven.toPath());
    if (!target.isDirectory()) {
      for (File other : list(woven)) {
        empty(other);
        delete(other);
      }
      PrivateDirectory.make(target.toPath());
    } else if (list(target).size() + more > MAX_FILES) {
      empty(target);
    }
  }

  private static void empty(File of) {
    for (File file : list(of)) {
      delete(file);
    }
  }

  private static List<File> list(File of) {
    File[] files = of.listFiles();
    List<File> all = new ArrayList<>();
    if (files != null) {
      Collections.addAll(all, files);
    }
    return all;
  }

  private static void delete(File file) {
    if (!file.delete() && file.exists()) {
      AgentLog.once(file + " cannot be deleted");
    }
  }

  private @Nullable File file(String unit, String className, byte[] bytes) {
    File in;
    synchronized (this) {
      open();
      in = directory;
    }
    if (in == null) {
      return null;
    }
    return new File(
        in,
        Long.toHexString(checksum(key(unit, className)))
            + '-'
            + Long.toHexString(checksum(bytes))
            + '-'
            + Integer.toHexString(bytes.length));
  }

  private static byte[] key(String unit, String className) {
    return (unit + '\n' + className).getBytes(StandardCharsets.UTF_8);
  }

  private static byte[] content(byte[] key, byte[] bytes, byte[] woven) {
    ByteBuffer out = ByteBuffer.allocate(HEAD + key.length + bytes.length + woven.length + TAIL);
    out.putInt(MAGIC).putInt(key.length).putInt(bytes.length).putInt(woven.length);
    out.put(key).put(bytes).put(woven);
    out.putInt((int) checksum(out.array(), out.position()));
    return out.array();
  }

  /** The woven bytes in a file, null when it is damaged or about something else. */
  private static byte @Nullable [] woven(byte[] content, byte[] key, byte[] bytes) {
    ByteBuffer in = ByteBuffer.wrap(content);
    if (in.getInt() != MAGIC || in.getInt() != key.length || in.getInt() != bytes.length) {
      return null;
    }
    long length = in.getInt();
    int end = content.length - TAIL;
    if (length < 0 || HEAD + key.length + bytes.length + length != end) {
      return null;
    }
    if (in.getInt(end) != (int) checksum(content, end)
        || !next(in, key.length).equals(ByteBuffer.wrap(key))
        || !next(in, bytes.length).equals(ByteBuffer.wrap(bytes))) {
      return null;
    }
    byte[] woven = new byte[(int) length];
    in.get(woven);
    return woven;
  }

  private static ByteBuffer next(ByteBuffer in, int length) {
    ByteBuffer part = in.slice();
    part.limit(length);
    in.position(in.position() + length);
    return part;
  }

  private static long checksum(byte[] bytes) {
    return checksum(bytes, bytes.length);
  }

  private static long checksum(byte[] bytes, int length) {
    CRC32 crc = new CRC32();
    crc.update(bytes, 0, length);
    return crc.getValue();
  }
}
