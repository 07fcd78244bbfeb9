package dev.weft.instrumentation.testing.database;

import java.io.IOException;
import java.io.InputStream;
import java.net.JarURLConnection;
import java.net.URL;
import java.nio.file.FileSystemException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardCopyOption;
import java.util.List;
import java.util.Objects;
import java.util.jar.JarEntry;
import java.util.jar.JarFile;
import java.util.stream.Stream;

/** Database servers that come as resources on the class path. */
public final class ServerFiles {
  private ServerFiles() {}

  /** Unpacks an archive where servers that run as {@code nobody} see it. */
  static Path unpackArchive(String resource) throws Exception {
    Path folder = Files.createTempDirectory("weft-server");
    Path file = folder.resolve("archive.txz");
    try (InputStream archive = ServerFiles.class.getResourceAsStream(resource)) {
      Files.copy(Objects.requireNonNull(archive, resource), file);
    }
    Path log = folder.resolve("log");
    ServerProcess.run(log, null, List.of("tar", "-xJf", file.toString(), "-C", folder.toString()));
    Files.delete(file);
    ServerProcess.run(log, null, List.of("chmod", "-R", "a+rX", folder.toString()));
    return folder;
  }

  /**
   * Unpacks some of a folder on the class path, a file or all below a folder each, into the build's
   * own; once for all JVMs of a build.
   */
  public static Path unpackOnce(String resource, String... wanted) throws IOException {
    Path to = Path.of("target", "servers", resource.replace('/', '-')).toAbsolutePath();
    if (Files.isDirectory(to)) {
      return to;
    }
    Files.createDirectories(to.getParent());
    Path part = Files.createTempDirectory(to.getParent(), "unpacking");
    for (String one : wanted) {
      unpack(resource, one, part);
    }
    try {
      Files.move(part, to, StandardCopyOption.ATOMIC_MOVE);
    } catch (FileSystemException anotherWasFaster) {
      remove(part);
    }
    return to;
  }

  private static void unpack(String resource, String wanted, Path to) throws IOException {
    URL url = Objects.requireNonNull(ServerFiles.class.getResource(resource + wanted), resource);
    JarURLConnection connection = (JarURLConnection) url.openConnection();
    String prefix = resource.substring(1);
    try (JarFile jar = new JarFile(connection.getJarFileURL().getPath())) {
      for (JarEntry entry : (Iterable<JarEntry>) jar.stream()::iterator) {
        if (entry.getName().startsWith(prefix + wanted) && !entry.isDirectory()) {
          Path file = to.resolve(entry.getName().substring(prefix.length()));
          Files.createDirectories(file.getParent());
          Files.copy(jar.getInputStream(entry), file);
          if (file.endsWith(wanted) && !file.toFile().setExecutable(true)) {
            throw new IOException("cannot be made executable: " + file);
          }
        }
      }
    }
  }

  /** Removes a folder. */
  static void remove(Path folder) {
    try (Stream<Path> all = Files.walk(folder)) {
      all.sorted((a, b) -> b.compareTo(a)).forEach(path -> path.toFile().delete());
    } catch (IOException e) {
      // Left to the machine's own cleaning.
      return;
    }
  }
}
