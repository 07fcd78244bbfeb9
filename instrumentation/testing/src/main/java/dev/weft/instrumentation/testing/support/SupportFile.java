package dev.weft.instrumentation.testing.support;

import java.io.IOException;
import java.io.Reader;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Reads a unit's {@code support.yaml}: one document per row of docs/supported-libraries.md. Refuses
 * keys that it does not know.
 */
public final class SupportFile {
  /** Its name in the unit's folder. */
  public static final String NAME = "support.yaml";

  private static final Set<String> FAMILIES = Set.of("http-client", "server", "database");

  private final Path file;

  private SupportFile(Path file) {
    this.file = file;
  }

  /** The statements of the unit in {@code folder}. */
  public static List<Support> in(Path folder) {
    Path file = folder.resolve(NAME);
    try (Reader reader = Files.newBufferedReader(file)) {
      List<Support> all = new ArrayList<>();
      Yaml yaml = new Yaml(new SafeConstructor(new LoaderOptions()));
      for (Object document : yaml.loadAll(reader)) {
        all.add(new SupportFile(file).support(map(document)));
      }
      return all;
    } catch (IOException e) {
      throw new IllegalStateException(
          file + " cannot be read: each unit states there what it supports (CONTRIBUTING.md)", e);
    }
  }

  private Support support(Map<?, ?> yaml) {
    check(yaml, "family", "library", "units", "tested", "tested-full", "works", "cannot", "notes");
    String family = text(yaml, "family");
    if (!FAMILIES.contains(family)) {
      throw wrong("family is one of " + FAMILIES + ", not " + family);
    }
    List<Limit> limits = new ArrayList<>();
    for (Object limit : list(yaml, "cannot")) {
      limits.add(limit(map(limit)));
    }
    return new Support(
        family,
        text(yaml, "library"),
        texts(yaml, "units"),
        texts(yaml, "tested"),
        texts(yaml, "tested-full"),
        text(yaml, "works"),
        List.copyOf(limits),
        texts(yaml, "notes"));
  }

  private Limit limit(Map<?, ?> yaml) {
    check(yaml, "case", "what", "because", "with", "in", "shows-as");
    String contractCase = optional(yaml, "case");
    String what = optional(yaml, "what");
    String because = optional(yaml, "because");
    if ((contractCase == null) == (what == null)) {
      throw wrong("a limit names a case, or says what: " + yaml);
    }
    if (contractCase != null && because == null) {
      throw wrong("a case that fails needs a because: " + yaml);
    }
    return new Limit(
        contractCase,
        what,
        because == null ? "" : because,
        optional(yaml, "with"),
        texts(yaml, "in"),
        optional(yaml, "shows-as"));
  }

  private void check(Map<?, ?> yaml, String... known) {
    Set<Object> unknown = new HashSet<>(yaml.keySet());
    List.of(known).forEach(unknown::remove);
    if (!unknown.isEmpty()) {
      throw wrong("unknown keys " + unknown);
    }
  }

  private String text(Map<?, ?> yaml, String key) {
    String text = optional(yaml, key);
    if (text == null) {
      throw wrong(key + " is missing");
    }
    return text;
  }

  private @Nullable String optional(Map<?, ?> yaml, String key) {
    Object value = yaml.get(key);
    if (value instanceof Number) {
      throw wrong(key + ": " + value + " is a number to YAML; put it in quotes");
    }
    return value == null ? null : value.toString().strip();
  }

  private List<String> texts(Map<?, ?> yaml, String key) {
    List<String> texts = new ArrayList<>();
    for (Object item : list(yaml, key)) {
      if (!(item instanceof String text)) {
        throw wrong(key + ": " + item + " is no text; put it in quotes");
      }
      texts.add(text.strip());
    }
    return List.copyOf(texts);
  }

  private List<?> list(Map<?, ?> yaml, String key) {
    Object value = yaml.get(key);
    if (value == null) {
      return List.of();
    }
    if (!(value instanceof List<?> list)) {
      throw wrong(key + " is no list");
    }
    return list;
  }

  private static Map<?, ?> map(Object value) {
    if (!(value instanceof Map<?, ?> map)) {
      throw new IllegalArgumentException("a mapping is needed, not " + value);
    }
    return map;
  }

  private IllegalArgumentException wrong(String message) {
    return new IllegalArgumentException(file + ": " + message);
  }
}
