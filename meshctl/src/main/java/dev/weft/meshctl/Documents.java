package dev.weft.meshctl;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.stream.Stream;

/** The texts behind {@code -f}: a file, the YAML and JSON files of a folder, or standard input. */
final class Documents {
  /** What the control server takes of one text. */
  private static final int MAX_BYTES = 1024 * 1024;

  private final String name;
  private final byte[] text;

  private Documents(String name, byte[] text) {
    this.name = name;
    this.text = text;
  }

  /** Returns what messages call this text. */
  String name() {
    return name;
  }

  /** Returns the bytes as they were read. */
  byte[] text() {
    return text;
  }

  static List<Documents> read(List<String> sources, Terminal terminal) {
    List<Documents> result = new ArrayList<>();
    for (String source : sources) {
      try {
        if (source.equals("-")) {
          result.add(new Documents("stdin", terminal.in().readNBytes(MAX_BYTES + 1)));
        } else if (Files.isDirectory(Path.of(source))) {
          readFolder(Path.of(source), result);
        } else {
          result.add(readFile(Path.of(source)));
        }
      } catch (NoSuchFileException e) {
        throw CommandFailure.of("error: the path \"" + source + "\" does not exist");
      } catch (IOException e) {
        throw CommandFailure.of("error: cannot read " + source + ": " + e.getMessage());
      }
    }
    return result;
  }

  private static void readFolder(Path folder, List<Documents> result) throws IOException {
    List<Path> files;
    try (Stream<Path> entries = Files.list(folder)) {
      files = entries.filter(Documents::isDocument).sorted().toList();
    }
    if (files.isEmpty()) {
      throw CommandFailure.of("error: " + folder + " has no files *.yaml, *.yml or *.json");
    }
    for (Path file : files) {
      result.add(readFile(file));
    }
  }

  private static Documents readFile(Path file) throws IOException {
    if (Files.size(file) > MAX_BYTES) {
      throw CommandFailure.of(
          "error: " + file + " is larger than 1 MiB; split it into several files");
    }
    return new Documents(file.toString(), Files.readAllBytes(file));
  }

  private static boolean isDocument(Path path) {
    String name = path.getFileName().toString().toLowerCase(Locale.ROOT);
    return Files.isRegularFile(path)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }
}
