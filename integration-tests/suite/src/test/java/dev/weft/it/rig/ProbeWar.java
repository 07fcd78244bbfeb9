package dev.weft.it.rig;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;

/** The probe application as a WAR that brings its own client libraries. */
public final class ProbeWar {
  private static final String JAVAX =
      """
      <web-app xmlns="http://xmlns.jcp.org/xml/ns/javaee" version="3.1">
      """;
  private static final String JAKARTA =
      """
      <web-app xmlns="https://jakarta.ee/xml/ns/jakartaee" version="5.0">
      """;

  private ProbeWar() {}

  /** The folder {@code directory}, filled with the application for {@code javax} or jakarta. */
  public static Path exploded(Path directory, String instance, boolean jakarta) {
    Path inf = directory.resolve("WEB-INF");
    try {
      Path lib = Files.createDirectories(inf.resolve("lib"));
      copy(Rig.probe(jakarta), lib);
      for (Path client : files(Path.of(System.getProperty("weft.clients")))) {
        copy(client, lib);
      }
      Files.writeString(inf.resolve("web.xml"), descriptor(instance, jakarta));
      return directory;
    } catch (IOException e) {
      throw new IllegalStateException("cannot make " + directory, e);
    }
  }

  /** The file {@code name} in {@code directory}. */
  public static Path file(Path directory, String name, String instance, boolean jakarta) {
    Path folder = exploded(Rig.newDirectory("war"), instance, jakarta);
    Path war = directory.resolve(name);
    try (OutputStream out = Files.newOutputStream(war);
        ZipOutputStream zip = new ZipOutputStream(out)) {
      for (Path file : files(folder)) {
        zip.putNextEntry(new ZipEntry(folder.relativize(file).toString().replace('\\', '/')));
        Files.copy(file, zip);
      }
      return war;
    } catch (IOException e) {
      throw new IllegalStateException("cannot make " + war, e);
    }
  }

  private static String descriptor(String instance, boolean jakarta) {
    return (jakarta ? JAKARTA : JAVAX)
        + """
          <context-param>
            <param-name>name</param-name>
            <param-value>INSTANCE</param-value>
          </context-param>
          <listener>
            <listener-class>probe.WebApplication</listener-class>
          </listener>
        </web-app>
        """
            .replace("INSTANCE", instance);
  }

  private static void copy(Path file, Path folder) throws IOException {
    Files.copy(file, folder.resolve(file.getFileName()));
  }

  private static List<Path> files(Path folder) throws IOException {
    try (Stream<Path> files = Files.walk(folder)) {
      return files.filter(Files::isRegularFile).sorted().toList();
    }
  }
}
