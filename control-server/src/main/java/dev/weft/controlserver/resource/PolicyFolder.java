package dev.weft.controlserver.resource;

import java.io.IOException;
import java.nio.file.FileVisitResult;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.SimpleFileVisitor;
import java.nio.file.attribute.BasicFileAttributes;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.NavigableMap;
import java.util.TreeMap;

/**
 * The policy files below a directory: {@code *.yaml}, {@code *.yml} and {@code *.json}, also in its
 * folders, but in none whose name begins with a dot, such as {@code .git}. Immutable.
 */
record PolicyFolder(Path root) {
  private static final int MAX_FILES = 10_000;

  /** More than one text may have, so that the reader says what is wrong with it. */
  private static final int MAX_BYTES = 1024 * 1024 + 1;

  /** When each file was changed and how long it is, by path: differs when anything has changed. */
  NavigableMap<Path, String> stamp() throws IOException {
    NavigableMap<Path, String> stamps = new TreeMap<>();
    Files.walkFileTree(
        root,
        new SimpleFileVisitor<>() {
          @Override
          public FileVisitResult preVisitDirectory(Path folder, BasicFileAttributes attributes) {
            return folder.equals(root) || !hidden(folder)
                ? FileVisitResult.CONTINUE
                : FileVisitResult.SKIP_SUBTREE;
          }

          @Override
          public FileVisitResult visitFile(Path file, BasicFileAttributes attributes)
              throws IOException {
            if (isPolicy(file)) {
              // Follows links: mounted volumes swap a link to bring new files in at once.
              BasicFileAttributes real = Files.readAttributes(file, BasicFileAttributes.class);
              if (real.isRegularFile()) {
                stamps.put(
                    file, real.lastModifiedTime() + " " + real.size() + " " + real.fileKey());
              }
              if (stamps.size() > MAX_FILES) {
                throw new IOException("it has more than " + MAX_FILES + " policy files");
              }
            }
            return FileVisitResult.CONTINUE;
          }
        });
    return stamps;
  }

  List<PolicyTexts.Text> read(Map<Path, String> stamps) throws IOException {
    List<PolicyTexts.Text> texts = new ArrayList<>();
    for (Path file : stamps.keySet()) {
      try (var in = Files.newInputStream(file)) {
        texts.add(new PolicyTexts.Text(root.relativize(file).toString(), in.readNBytes(MAX_BYTES)));
      }
    }
    return texts;
  }

  private static boolean hidden(Path path) {
    return String.valueOf(path.getFileName()).startsWith(".");
  }

  private static boolean isPolicy(Path file) {
    String name = String.valueOf(file.getFileName()).toLowerCase(Locale.ROOT);
    return !hidden(file)
        && (name.endsWith(".yaml") || name.endsWith(".yml") || name.endsWith(".json"));
  }
}
