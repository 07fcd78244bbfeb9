package dev.weft.it.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.awaitility.Awaitility;

/** The access logs of one or several applications, a line for each call. */
public final class AccessLog {
  private final List<Path> files;

  private AccessLog(List<Path> files) {
    this.files = files;
  }

  /** The log that an agent writes into a directory, where {@link #file} says. */
  static AccessLog in(Path directory) {
    return new AccessLog(List.of(file(directory)));
  }

  /** What an agent whose log is read here is told by {@code mesh.access-log}. */
  static Path file(Path directory) {
    return directory.resolve("access.log");
  }

  /** The lines of this log and of another. */
  public AccessLog and(AccessLog other) {
    List<Path> both = new ArrayList<>(files);
    both.addAll(other.files);
    return new AccessLog(both);
  }

  /** The lines so far that contain each of these texts. */
  public List<String> lines(String... parts) {
    List<String> lines = new ArrayList<>();
    for (Path file : files) {
      try {
        lines.addAll(Files.exists(file) ? Files.readAllLines(file) : List.of());
      } catch (IOException e) {
        throw new IllegalStateException("cannot read " + file, e);
      }
    }
    return lines.stream().filter(line -> Stream.of(parts).allMatch(line::contains)).toList();
  }

  /** Waits for a line that contains each of these texts: a call is logged when it is over. */
  public void await(String... parts) {
    Awaitility.await("a line of the access log with " + String.join(", ", parts))
        .atMost(Duration.ofSeconds(15))
        .until(() -> !lines(parts).isEmpty());
  }
}
