package dev.weft.it.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;

/** The TCP ports on which a process listens, as Linux tells. */
public final class ListeningPorts {
  private static final String LISTEN = "0A";

  private ListeningPorts() {}

  /** True where the operating system tells them. */
  public static boolean known() {
    return Files.isReadable(Path.of("/proc/self/net/tcp"));
  }

  /** The ports of one process, in order. */
  public static Set<Integer> of(long pid) {
    Set<String> own = sockets(pid);
    Set<Integer> ports = new TreeSet<>();
    for (String table : List.of("tcp", "tcp6")) {
      for (String line : lines(Path.of("/proc", String.valueOf(pid), "net", table))) {
        // sl, local_address, rem_address, st, queues, timer, retransmits, uid, timeout, inode
        String[] columns = line.trim().split("\\s+");
        if (columns.length > 9 && columns[3].equals(LISTEN) && own.contains(columns[9])) {
          ports.add(Integer.parseInt(columns[1].substring(columns[1].indexOf(':') + 1), 16));
        }
      }
    }
    return ports;
  }

  private static Set<String> sockets(long pid) {
    Set<String> inodes = new HashSet<>();
    try (Stream<Path> files = Files.list(Path.of("/proc", String.valueOf(pid), "fd"))) {
      for (Path file : files.toList()) {
        String target = target(file);
        if (target.startsWith("socket:[")) {
          inodes.add(target.substring("socket:[".length(), target.length() - 1));
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot list the open files of " + pid, e);
    }
    return inodes;
  }

  private static String target(Path file) {
    try {
      return Files.readSymbolicLink(file).toString();
    } catch (IOException e) {
      return ""; // closed in the meantime
    }
  }

  private static List<String> lines(Path table) {
    try {
      return Files.exists(table) ? Files.readAllLines(table) : List.of();
    } catch (IOException e) {
      throw new IllegalStateException("cannot read " + table, e);
    }
  }
}
