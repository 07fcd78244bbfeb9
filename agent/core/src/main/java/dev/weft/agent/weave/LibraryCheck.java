package dev.weft.agent.weave;

import dev.weft.agent.extension.Library;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.util.Collections;
import java.util.Properties;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Whether the library a class loader holds is one a module is for. Immutable. */
final class LibraryCheck {
  private static final String UNKNOWN = "unknown";

  private final String version;
  private final @Nullable Obstacle obstacle;
  private final @Nullable String reason;

  private LibraryCheck(String version, @Nullable Obstacle obstacle, @Nullable String reason) {
    this.version = version;
    this.obstacle = obstacle;
    this.reason = reason;
  }

  /** Version found, or {@code unknown}. */
  String version() {
    return version;
  }

  /** Why it does not fit, in a word, null when it does, and when it is not that library at all. */
  @Nullable Obstacle obstacle() {
    return obstacle;
  }

  /** Why it does not fit, null when it does. */
  @Nullable String reason() {
    return reason;
  }

  /** Looks at the library in {@code loader} (null: the boot loader). */
  static LibraryCheck of(Library library, @Nullable ClassLoader loader) {
    String version = UNKNOWN;
    try {
      version = version(library, loader);
      if (!version.equals(UNKNOWN) && !inRange(library, version)) {
        String bound = library.versionBound();
        return new LibraryCheck(
            version,
            Obstacle.VERSION,
            "version "
                + version
                + " is not one of "
                + library.minimumVersion()
                + (bound == null ? " and later" : " up to before " + bound));
      }
      Library.VersionRange excluded = excluded(library, version);
      if (excluded != null) {
        return new LibraryCheck(
            version,
            Obstacle.VERSION,
            "version "
                + version
                + " is one of those from "
                + excluded.from()
                + " up to before "
                + excluded.bound()
                + ", which are left out");
      }
      String notWoven = library.reasonNotWoven();
      if (notWoven != null) {
        return misshapen(library, loader) == null
            ? new LibraryCheck(version, Obstacle.UNSUPPORTED, notWoven)
            : new LibraryCheck(version, null, "it is another library");
      }
      if (!seesWhatIsCalled(loader)) {
        return new LibraryCheck(
            version,
            Obstacle.FAILURE,
            loader
                + " does not look for dev.weft.bootstrap in the boot loader: start the agent with"
                + " -javaagent, and name the package where the container wants such packages named");
      }
      String misshapen = misshapen(library, loader);
      return new LibraryCheck(version, misshapen == null ? null : Obstacle.SHAPE, misshapen);
    } catch (IOException | RuntimeException e) {
      return new LibraryCheck(
          version, Obstacle.FAILURE, "the library's classes cannot be read: " + e);
    }
  }

  /**
   * Whether woven code could call us. Class loaders of modules and bundles ask the boot loader only
   * for what they are told to; a method woven there would fail whenever it is called.
   */
  private static boolean seesWhatIsCalled(@Nullable ClassLoader loader) {
    if (loader == null) {
      return true;
    }
    try {
      Class.forName("dev.weft.bootstrap.Hooks", false, loader);
      return true;
    } catch (ClassNotFoundException | LinkageError e) {
      return false;
    }
  }

  /** Whether a known version is one that the library is declared for. */
  static boolean covers(Library library, String version) {
    return inRange(library, version) && excluded(library, version) == null;
  }

  /**
   * Whether a class is not as its library has it: members came or went, so another agent was there.
   *
   * @param bytes the class as it is being loaded
   */
  static boolean isChanged(@Nullable ClassLoader loader, String internalName, byte[] bytes) {
    try {
      byte[] original = ClassBytes.read(loader, internalName + ".class");
      return original != null && !ClassMembers.of(original).equals(ClassMembers.of(bytes));
    } catch (IOException | RuntimeException e) {
      return false;
    }
  }

  private static Library.@Nullable VersionRange excluded(Library library, String version) {
    if (!version.equals(UNKNOWN)) {
      for (Library.VersionRange excluded : library.excludedVersions()) {
        if (compare(version, excluded.from()) >= 0 && compare(version, excluded.bound()) < 0) {
          return excluded;
        }
      }
    }
    return null;
  }

  private static String version(Library library, @Nullable ClassLoader loader) throws IOException {
    for (Library.VersionSource source : library.versionSources()) {
      String found;
      String resource = source.resource();
      String className = source.className();
      if (className != null && resource != null) {
        found = ClassBytes.manifest(loader, className, resource).getValue(source.key());
      } else if (className != null) {
        byte[] file = ClassBytes.read(loader, className.replace('.', '/') + ".class");
        found = file == null ? null : ClassMembers.constant(file, source.key());
      } else if (resource == null) {
        found = System.getProperty(source.key());
      } else {
        byte[] file = ClassBytes.read(loader, resource);
        if (file == null) {
          continue;
        }
        Properties properties = new Properties();
        properties.load(new ByteArrayInputStream(file));
        found = properties.getProperty(source.key());
      }
      if (found != null && !found.trim().isEmpty()) {
        return found.trim();
      }
    }
    return UNKNOWN;
  }

  private static boolean inRange(Library library, String version) {
    String minimum = library.minimumVersion();
    String bound = library.versionBound();
    return (minimum == null || compare(version, minimum) >= 0)
        && (bound == null || compare(version, bound) < 0);
  }

  /**
   * Compares number by number; what is not a number ends a part, a missing part is 0, and 1.8 is
   * Java's 8.
   */
  static int compare(String one, String other) {
    String[] a = one.split("[.-]");
    String[] b = other.split("[.-]");
    for (int i = 0; i < Math.max(a.length, b.length); i++) {
      int order = Integer.compare(number(a, i), number(b, i));
      if (order != 0) {
        return order;
      }
    }
    return 0;
  }

  private static int number(String[] parts, int i) {
    int value = 0;
    if (i < parts.length) {
      for (char c : parts[i].toCharArray()) {
        if (c < '0' || c > '9' || value > 100_000_000) {
          break;
        }
        value = value * 10 + (c - '0');
      }
    }
    return value;
  }

  private static @Nullable String misshapen(Library library, @Nullable ClassLoader loader)
      throws IOException {
    for (Library.Shape shape : library.shapes()) {
      byte[] file = ClassBytes.read(loader, shape.className().replace('.', '/') + ".class");
      if (file == null) {
        return "it has no class " + shape.className();
      }
      if (!shape.members().isEmpty()) {
        Set<String> members = ClassMembers.of(file);
        if (shape.anyMember()) {
          if (Collections.disjoint(members, shape.members())) {
            return "its class " + shape.className() + " has none of " + shape.members();
          }
          continue;
        }
        for (String member : shape.members()) {
          if (!members.contains(member)) {
            return "its class " + shape.className() + " has no " + member;
          }
        }
      }
    }
    return null;
  }
}
