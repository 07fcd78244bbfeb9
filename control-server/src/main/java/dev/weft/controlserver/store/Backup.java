package dev.weft.controlserver.store;

import dev.weft.controlserver.StartupException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;

/**
 * Copies a data directory, also while a server works on it.
 *
 * <p>The store's file only grows at its end, and what a newer version replaces is overwritten 45
 * seconds later at the earliest, so that a copy of the file opens at its last whole commit. The
 * copy is opened and read through before it counts as made, and marked as one: a server started on
 * it knows that the world has gone on.
 */
public final class Backup {
  private static final String STORE = "mesh.db";

  private Backup() {}

  /**
   * Copies {@code source} to {@code target}.
   *
   * @param target is created, mode 0700; must not hold anything yet
   * @return the number of files
   * @throws StartupException when it cannot, with the reason; then {@code target} is no backup
   */
  public static int make(Path source, Path target, Clock clock) {
    try {
      if (!Files.exists(source.resolve(STORE))) {
        throw new StartupException(source + " is no data directory: it has no " + STORE);
      }
      PrivateFiles.directory(target);
      try (Stream<Path> there = Files.list(target)) {
        if (there.findAny().isPresent()) {
          throw new StartupException(target + " is not empty: name a new directory");
        }
      }
      List<Path> files = new ArrayList<>(List.of(Path.of(STORE)));
      if (Files.exists(source.resolve("admin-token"))) {
        files.add(Path.of("admin-token"));
      }
      try (Stream<Path> ca = Files.list(source.resolve("ca"))) {
        ca.filter(file -> file.toString().endsWith(".pem"))
            .forEach(file -> files.add(source.relativize(file)));
      }
      PrivateFiles.directory(target.resolve("ca"));
      for (Path file : files) {
        PrivateFiles.write(target.resolve(file), Files.readAllBytes(source.resolve(file)));
      }
      seal(target, clock);
      return files.size();
    } catch (IOException e) {
      throw new StartupException(
          "the backup of " + source + " to " + target + " failed: " + e.getMessage(), e);
    }
  }

  private static void seal(Path target, Clock clock) throws IOException {
    try (MeshStore copy = MeshStore.open(target)) {
      for (Table table : Table.values()) {
        // Reads every page: a damaged copy must not be found out when it is needed.
        var unused = copy.entries(table);
      }
      RunHistory.markCopied(copy, clock);
    }
    Files.delete(target.resolve("lock"));
  }
}
