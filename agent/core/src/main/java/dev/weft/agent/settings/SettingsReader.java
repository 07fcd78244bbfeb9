package dev.weft.agent.settings;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * Collects settings from where they may stand, strongest place first. For one use on one thread.
 */
final class SettingsReader {
  private static final String PREFIX = "mesh.";
  private static final String ENVIRONMENT_PREFIX = "MESH_";

  private final Map<?, ?> properties;
  private final Map<String, String> environment;
  private final EnumMap<Setting, String> values = new EnumMap<>(Setting.class);
  private final List<String> problems = new ArrayList<>();
  private boolean failureMalformed;

  SettingsReader(Map<?, ?> properties, Map<String, String> environment) {
    this.properties = properties;
    this.environment = environment;
  }

  Settings read(@Nullable String arguments) {
    for (Map.Entry<?, ?> property : properties.entrySet()) {
      if (property.getKey() instanceof String && property.getValue() instanceof String) {
        String name = (String) property.getKey();
        if (name.startsWith(PREFIX)) {
          put(
              name.substring(PREFIX.length()),
              (String) property.getValue(),
              "system property " + name);
        }
      }
    }
    readArguments(arguments == null ? "" : arguments);
    readEnvironment();
    readFile(values.get(Setting.CONFIG_FILE));
    if (!values.containsKey(Setting.SERVICE_NAME)) {
      fallBack();
    }
    return new Settings(values, problems, failureMalformed);
  }

  /** {@code a=b,c=d}; labels may go on after a comma: {@code labels=version=v1,tier=web}. */
  private void readArguments(String arguments) {
    String key = null;
    StringBuilder value = new StringBuilder();
    for (String part : arguments.split(",", -1)) {
      int at = part.indexOf('=');
      String name = at < 0 ? part.trim() : part.substring(0, at).trim();
      boolean furtherLabel =
          "labels".equals(key)
              && at > 0
              && Setting.of(plain(name)) == null
              && Setting.nearest(plain(name)) == null;
      boolean furtherHost = "virtual-addresses".equals(key) && at <= 0 && !part.trim().isEmpty();
      if (furtherLabel || furtherHost) {
        value.append(',').append(part.trim());
        continue;
      }
      flush(key, value);
      key = null;
      if (at > 0) {
        key = plain(name);
        value.append(part.substring(at + 1).trim());
      } else if (!part.trim().isEmpty()) {
        problems.add("agent argument '" + part.trim() + "' is not of the form name=value");
      }
    }
    flush(key, value);
  }

  private void flush(@Nullable String key, StringBuilder value) {
    if (key != null) {
      put(key, value.toString(), "agent argument " + key);
    }
    value.setLength(0);
  }

  private static String plain(String name) {
    return name.startsWith(PREFIX) ? name.substring(PREFIX.length()) : name;
  }

  private void readEnvironment() {
    for (Setting setting : Setting.values()) {
      String value = environment.get(setting.environmentName());
      if (value != null) {
        put(setting.text(), value, "environment variable " + setting.environmentName());
      }
    }
    for (String name : environment.keySet()) {
      if (name.startsWith(ENVIRONMENT_PREFIX) && !known(name)) {
        // Other products use this prefix too: only what looks like ours is worth a word.
        String nearest =
            Setting.nearest(
                name.substring(ENVIRONMENT_PREFIX.length())
                    .toLowerCase(java.util.Locale.ROOT)
                    .replace('_', '-'));
        if (nearest != null) {
          problems.add(
              "environment variable "
                  + name
                  + " is unknown; did you mean MESH_"
                  + upper(nearest)
                  + "?");
        }
      }
    }
  }

  private static String upper(String name) {
    return name.toUpperCase(java.util.Locale.ROOT).replace('-', '_');
  }

  private static boolean known(String environmentName) {
    for (Setting setting : Setting.values()) {
      if (setting.environmentName().equals(environmentName)) {
        return true;
      }
    }
    // Read by the command line, in the same environment.
    return environmentName.equals("MESH_SERVER") || environmentName.equals("MESH_ADMIN_TOKEN_FILE");
  }

  private void readFile(@Nullable String path) {
    if (path == null) {
      return;
    }
    Properties file = new Properties();
    try (InputStream in = new FileInputStream(path)) {
      file.load(in);
    } catch (IOException | IllegalArgumentException e) {
      problems.add("mesh.config-file " + path + " cannot be read: " + e.getMessage());
      return;
    }
    for (String name : file.stringPropertyNames()) {
      put(plain(name), file.getProperty(name).trim(), name + " in " + path);
    }
  }

  private void put(String name, String value, String where) {
    Setting setting = Setting.of(name);
    if (setting == null) {
      String nearest = Setting.nearest(name);
      problems.add(
          where
              + " is unknown"
              + (nearest == null
                  ? "; see docs/configuration.md"
                  : "; did you mean mesh." + nearest + "?"));
      return;
    }
    if (values.containsKey(setting)) {
      return;
    }
    String misfit = setting.misfit(value);
    if (misfit == null) {
      values.put(setting, value);
    } else {
      // A secret must not end in a log because it was malformed.
      String shown = setting == Setting.JOIN_TOKEN ? "" : " '" + value + "'";
      problems.add(
          where
              + shown
              + " "
              + misfit
              + (setting == Setting.ON_AGENT_FAILURE ? "" : "; the setting is ignored"));
      failureMalformed |= setting == Setting.ON_AGENT_FAILURE;
    }
  }

  private void fallBack() {
    String[][] places = {
      {"environment variable OTEL_SERVICE_NAME", environment.get("OTEL_SERVICE_NAME")},
      {"system property spring.application.name", property("spring.application.name")},
      {"environment variable SPRING_APPLICATION_NAME", environment.get("SPRING_APPLICATION_NAME")},
    };
    for (String[] place : places) {
      if (place[1] != null && !values.containsKey(Setting.SERVICE_NAME)) {
        put(Setting.SERVICE_NAME.text(), place[1], place[0]);
      }
    }
  }

  private @Nullable String property(String name) {
    Object value = properties.get(name);
    return value instanceof String ? (String) value : null;
  }
}
