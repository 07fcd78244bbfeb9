package dev.weft.agent.weave;

import dev.weft.agent.AgentLog;
import dev.weft.agent.AgentVersion;
import dev.weft.agent.MeshThreads;
import dev.weft.agent.PrivateDirectory;
import java.io.File;
import java.io.FileOutputStream;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Class files that an earlier start has woven, so that this one needs no ByteBuddy: weaving the
 * same bytes with the same unit of the same agent gives the same bytes (docs/adr/0290). What is
 * woven is decided anew by each start.
 *
 * <p>A {@link WovenFile} for each in {@code woven/BUILD} of the cache directory. Only a directory
 * that nobody else can write in is believed, and only for exactly the same bytes. Nothing here ever
 * fails a class load: what cannot be read is woven anew. Thread-safe.
 */
final class WovenClasses {
  /** How long what only a later start needs stays away from this one. */
  private static final long UNHURRIED_MILLIS = 3_000;

  /**
   * An application of any size has some dozens; another agent may make them different each time.
   */
  private static final int MAX_FILES = 1_000;

  /** Its presence says that the last start did not find all it needed. */
  private static final String MISSED = "missed";

  private final @Nullable File cacheDirectory;
  private final @Nullable String build;
  private final Executor later;
  private final List<Kept> fresh = new ArrayList<>();
  private @Nullable File directory;
  private boolean opened;
  private boolean found;
  private boolean complete;

  private static final class Kept {
    final String name;
    final byte[] content;

    Kept(String name, byte[] content) {
      this.name = name;
      this.content = content;
    }
  }

  private WovenClasses(@Nullable File cacheDirectory, @Nullable String build, Executor later) {
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
        cacheDirectory == null ? null : AgentVersion.build(),
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

  /** What has been made of it before, null when that is not known. */
  byte @Nullable [] find(WovenFile wanted) {
    try {
      File in = found();
      return in == null ? null : wanted.read(new File(in, wanted.name()));
    } catch (IOException | RuntimeException e) {
      return null;
    }
  }

  /** Remembers what has been made of it, for starts to come. Never fails. */
  void keep(WovenFile made, byte[] after) {
    try {
      if (!isOpen()) {
        return;
      }
      Kept kept = new Kept(made.name(), made.content(after));
      synchronized (this) {
        fresh.add(kept);
        if (fresh.size() > 1) {
          return;
        }
      }
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

  private synchronized boolean isOpen() {
    open();
    return directory != null;
  }

  /** The directory, if an earlier start has left something there. */
  private synchronized @Nullable File found() {
    open();
    return found ? directory : null;
  }

  private synchronized void open() {
    if (opened) {
      return;
    }
    opened = true;
    File cache = cacheDirectory;
    if (cache == null || build == null) {
      return;
    }
    File woven = new File(cache, "woven");
    File own = new File(woven, build);
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
        File file = new File(target, kept.name);
        // A name of its own: other instances write here at the same time.
        File unfinished = new File(target, "new" + Long.toHexString(System.nanoTime()));
        try {
          try (FileOutputStream out = new FileOutputStream(unfinished)) {
            out.write(kept.content);
          }
          if (!unfinished.renameTo(file) && !file.exists()) {
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
}
