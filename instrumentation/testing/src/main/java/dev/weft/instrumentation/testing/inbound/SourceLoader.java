package dev.weft.instrumentation.testing.inbound;

import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.net.URL;
import java.net.URLClassLoader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import javax.tools.JavaCompiler;
import javax.tools.StandardJavaFileManager;
import javax.tools.ToolProvider;

/**
 * Compiles an application for one version of a library, and loads both in a class loader of their
 * own, as they would be in a process of their own. Sources are resources named {@code
 * contract/<Class>.java.txt}; {@code SERVLET} in them stands for the servlet API's package.
 */
public final class SourceLoader {
  private SourceLoader() {}

  /**
   * Compiles and loads.
   *
   * @param library folder with the library's jars
   * @param servletPackage {@code javax.servlet} or {@code jakarta.servlet}
   * @param classes names of the sources, all of package {@code contract}
   */
  public static URLClassLoader load(Path library, String servletPackage, String... classes) {
    return load(library, Map.of("SERVLET", servletPackage), classes);
  }

  /**
   * Compiles and loads.
   *
   * @param library folder with the library's jars
   * @param words what words of the sources stand for
   * @param classes names of the sources, all of package {@code contract}
   */
  public static URLClassLoader load(Path library, Map<String, String> words, String... classes) {
    try (Stream<Path> files = Files.list(library)) {
      List<Path> jars = files.filter(f -> f.toString().endsWith(".jar")).toList();
      Path work = Files.createTempDirectory(library, "app");
      Path output = Files.createDirectories(work.resolve("classes"));
      List<File> sources = new ArrayList<>();
      for (String name : classes) {
        sources.add(source(work, name, words).toFile());
      }
      compile(jars, output, sources);
      List<URL> path = new ArrayList<>();
      path.add(output.toUri().toURL());
      for (Path jar : jars) {
        path.add(jar.toUri().toURL());
      }
      return new URLClassLoader(
          path.toArray(new URL[0]), ClassLoader.getSystemClassLoader().getParent());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static Path source(Path work, String name, Map<String, String> words) throws IOException {
    String resource = "contract/" + name + ".java.txt";
    try (InputStream in = SourceLoader.class.getClassLoader().getResourceAsStream(resource)) {
      if (in == null) {
        throw new IOException("no resource " + resource);
      }
      String text = new String(in.readAllBytes(), StandardCharsets.UTF_8);
      for (Map.Entry<String, String> word : words.entrySet()) {
        text = text.replace(word.getKey(), word.getValue());
      }
      return Files.writeString(work.resolve(name + ".java"), text);
    }
  }

  private static void compile(List<Path> jars, Path output, List<File> sources) throws IOException {
    JavaCompiler compiler = ToolProvider.getSystemJavaCompiler();
    StringWriter messages = new StringWriter();
    try (StandardJavaFileManager files = compiler.getStandardFileManager(null, null, null)) {
      List<String> options =
          List.of(
              "-nowarn",
              "-proc:none",
              "-d",
              output.toString(),
              "-cp",
              jars.stream().map(Path::toString).collect(Collectors.joining(File.pathSeparator)));
      boolean compiled =
          compiler
              .getTask(
                  messages, files, null, options, null, files.getJavaFileObjectsFromFiles(sources))
              .call();
      if (!compiled) {
        throw new IOException("the application does not compile: " + messages);
      }
    }
  }
}
