package dev.weft.agent.dist;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.instrumentation.testing.support.Limit;
import dev.weft.instrumentation.testing.support.Support;
import java.util.Comparator;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Objects;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/**
 * Writes the generated parts of docs/supported-libraries.md, between {@code <!-- generated: family
 * -->} and {@code <!-- end -->}. What stands around them is written by hand.
 */
final class SupportPage {
  private static final Pattern PART =
      Pattern.compile("(<!-- generated: ([a-z-]+) -->\n).*?(<!-- end -->)", Pattern.DOTALL);

  private final List<Support> supports;
  private final Map<String, InstrumentationModule> modules;

  SupportPage(List<Support> supports, Map<String, InstrumentationModule> modules) {
    this.supports =
        supports.stream()
            .sorted(
                Comparator.comparing(s -> s.library().replace("`", "").toLowerCase(Locale.ROOT)))
            .toList();
    this.modules = modules;
  }

  /** The page with its generated parts made anew. */
  String regenerate(String page) {
    return PART.matcher(page)
        .replaceAll(m -> Matcher.quoteReplacement(m.group(1) + part(m.group(2)) + m.group(3)));
  }

  private String part(String family) {
    List<Support> rows = supports.stream().filter(s -> s.family().equals(family)).toList();
    if (rows.isEmpty()) {
      return "\nNone yet.\n\n";
    }
    StringBuilder page = new StringBuilder();
    line(page, "library", "woven", "tested", "works", "does not", "unit");
    line(page, "---", "---", "---", "---", "---", "---");
    for (Support row : rows) {
      line(
          page,
          row.library(),
          woven(row),
          tested(row),
          row.works(),
          row.cannot().isEmpty() ? "nothing known" : join(row.cannot().stream().map(this::limit)),
          units(row));
    }
    for (Support row : rows) {
      if (!row.notes().isEmpty()) {
        page.append("\n").append(row.library()).append(", what to know:\n\n");
        row.notes().forEach(note -> page.append("- ").append(note).append("\n"));
      }
    }
    return page.append("\n").toString();
  }

  private static void line(StringBuilder page, String... cells) {
    for (String cell : cells) {
      page.append("| ").append(cell.replace("\n", " ").replace("|", "\\|")).append(" ");
    }
    page.append("|\n");
  }

  private String limit(Limit limit) {
    String what = limit.what();
    if (what != null) {
      return limit.because().isEmpty() ? what : what + ": " + limit.because();
    }
    String with = limit.with() == null ? "" : " (" + limit.with() + ")";
    String in = limit.in().isEmpty() ? "" : ", in " + String.join(", ", limit.in());
    return "`" + limit.contractCase() + "`" + with + in + ": " + limit.because();
  }

  private static String tested(Support row) {
    String always = String.join(", ", row.tested());
    return row.testedFull().isEmpty()
        ? always
        : always + " (" + String.join(", ", row.testedFull()) + ")";
  }

  private String units(Support row) {
    return row.units().stream()
        .map(u -> "`" + u + "` (" + module(u).role().name().toLowerCase(Locale.ROOT) + ")")
        .collect(Collectors.joining(", "));
  }

  /** The ranges that the modules declare, each once. */
  private String woven(Support row) {
    Set<String> ranges = new LinkedHashSet<>();
    row.units().forEach(unit -> ranges.add(range(module(unit).library())));
    return join(ranges.stream());
  }

  private static String range(Library library) {
    if (library.reasonNotWoven() != null) {
      return "not woven, only recognised";
    }
    String minimum = library.minimumVersion();
    String range = minimum == null ? "any" : "from " + minimum;
    if (library.versionBound() != null) {
      range += " to before " + library.versionBound();
    }
    String excluded =
        library.excludedVersions().stream()
            .map(r -> ", not " + r.from() + " to before " + r.bound())
            .collect(Collectors.joining());
    boolean ofTheRuntime =
        library.versionSources().stream().anyMatch(Library.VersionSource::ofJavaRuntime);
    return (ofTheRuntime ? "Java runtime " : "") + range + excluded;
  }

  private static String join(Stream<String> parts) {
    return parts.collect(Collectors.joining("<br>"));
  }

  private InstrumentationModule module(String unit) {
    @Nullable InstrumentationModule module = modules.get(unit);
    return Objects.requireNonNull(module, unit);
  }
}
