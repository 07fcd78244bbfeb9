package dev.weft.agent.settings;

import java.util.HashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Names of the settings, without the prefix {@code mesh.}, and what their values must look like.
 */
public enum Setting {
  /** Whether the agent does anything at all. */
  ENABLED("enabled", Form.TRUTH),
  /** A properties file with further settings. */
  CONFIG_FILE("config-file", Form.TEXT),
  /** Name of the service this JVM is an instance of. */
  SERVICE_NAME("service-name", Form.NAME),
  /** Its namespace. */
  NAMESPACE("namespace", Form.NAME),
  /** Its service account, the name in its identity. */
  SERVICE_ACCOUNT("service-account", Form.NAME),
  /** Labels of the instance, {@code version=v1,tier=web}. */
  LABELS("labels", Form.LABELS),
  /** {@code region/zone/sub-zone}. */
  LOCALITY("locality", Form.LOCALITY),
  /** {@code https://host:15443}. */
  CONTROL_SERVER("control-server", Form.HTTPS),
  /** The join token itself. */
  JOIN_TOKEN("join-token", Form.TEXT),
  /** A file that holds the join token. */
  JOIN_TOKEN_FILE("join-token-file", Form.TEXT),
  /** Directory of the last known good policy and identity. */
  CACHE_DIR("cache-dir", Form.TEXT),
  /** Whether woven classes are kept there for the next start. */
  CLASS_CACHE("class-cache", Form.TRUTH),
  /** Host or address under which other instances reach this one. */
  ADVERTISE_HOST("advertise-host", Form.TEXT),
  /** Port under which other instances reach this one, where the container's is not the one. */
  SERVICE_PORT("service-port", Form.PORT),
  /** Host names that sockets of unknown clients reach through the mesh, {@code orders,billing}. */
  VIRTUAL_ADDRESSES("virtual-addresses", Form.HOSTS),
  /** {@code allow} or {@code deny}. */
  ON_AGENT_FAILURE("on-agent-failure", Form.FAILURE),
  /** How long calls at most wait for the starting agent, in milliseconds. */
  START_WAIT("start-wait-millis", Form.MILLIS),
  /** Port of the Prometheus endpoint; 0, the default, for none. */
  METRICS_PORT("metrics-port", Form.PORT),
  /** Address the Prometheus endpoint listens on. */
  METRICS_HOST("metrics-host", Form.TEXT),
  /** {@code stdout}, or a file. */
  ACCESS_LOG("access-log", Form.TEXT);

  private static final Map<String, Setting> BY_NAME = new HashMap<>();

  static {
    for (Setting setting : values()) {
      BY_NAME.put(setting.text, setting);
    }
  }

  private final String text;
  private final Form form;

  Setting(String text, Form form) {
    this.text = text;
    this.form = form;
  }

  /** Name without prefix: {@code service-name}. */
  public String text() {
    return text;
  }

  /** The environment variable: {@code MESH_SERVICE_NAME}. */
  public String environmentName() {
    return "MESH_" + upperCase();
  }

  private String upperCase() {
    StringBuilder name = new StringBuilder(text.length());
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      name.append(c == '-' ? '_' : (char) (c - ('a' - 'A')));
    }
    return name.toString();
  }

  /** The setting of this name, null for none. */
  static @Nullable Setting of(String name) {
    return BY_NAME.get(name);
  }

  /** What is wrong with a value, null for nothing. */
  @Nullable String misfit(String value) {
    return form.misfit(value);
  }

  /** The known name nearest to {@code name}, null when none is near. */
  static @Nullable String nearest(String name) {
    String best = null;
    int bestDistance = Math.max(2, name.length() / 4) + 1;
    for (Setting setting : values()) {
      int distance = distance(name, setting.text);
      if (distance < bestDistance) {
        bestDistance = distance;
        best = setting.text;
      }
    }
    return best;
  }

  /** Levenshtein's distance. */
  private static int distance(String a, String b) {
    int[] row = new int[b.length() + 1];
    for (int j = 0; j <= b.length(); j++) {
      row[j] = j;
    }
    for (int i = 1; i <= a.length(); i++) {
      int diagonal = row[0];
      row[0] = i;
      for (int j = 1; j <= b.length(); j++) {
        int same = diagonal + (a.charAt(i - 1) == b.charAt(j - 1) ? 0 : 1);
        diagonal = row[j];
        row[j] = Math.min(same, Math.min(row[j], row[j - 1]) + 1);
      }
    }
    return row[b.length()];
  }
}
