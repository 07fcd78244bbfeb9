package dev.weft.agent.settings;

import java.io.File;
import java.util.Collections;
import java.util.EnumMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The agent's settings with their defaults. Immutable.
 *
 * <p>From four places, the first that has a setting wins: system property {@code mesh.NAME}, agent
 * argument {@code NAME=}, environment variable {@code MESH_NAME}, the properties file {@code
 * mesh.config-file}. An unknown or malformed setting is a problem, described in one line, and
 * counts as not set.
 */
public final class Settings {
  private static final int DEFAULT_START_WAIT_MILLIS = 5_000;

  private final EnumMap<Setting, String> values;
  private final List<String> problems;
  private final boolean failureMalformed;

  Settings(EnumMap<Setting, String> values, List<String> problems, boolean failureMalformed) {
    this.values = values.clone();
    this.problems = Collections.unmodifiableList(problems);
    this.failureMalformed = failureMalformed;
  }

  /**
   * Reads all places but the system properties and the environment of other processes.
   *
   * @param arguments agent argument, may be null
   */
  public static Settings read(
      @Nullable String arguments, Map<?, ?> systemProperties, Map<String, String> environment) {
    return new SettingsReader(systemProperties, environment).read(arguments);
  }

  /** What was not understood: one line each, naming the setting and where it was found. */
  public List<String> problems() {
    return problems;
  }

  /** The value of a setting, null when not set. */
  public @Nullable String get(Setting setting) {
    return values.get(setting);
  }

  /** Names of the settings that are given, without prefix. */
  public Set<String> given() {
    Set<String> names = new HashSet<>();
    for (Setting setting : values.keySet()) {
      names.add(setting.text());
    }
    return names;
  }

  private String get(Setting setting, String otherwise) {
    String value = values.get(setting);
    return value == null ? otherwise : value;
  }

  private int number(Setting setting, int otherwise) {
    String value = values.get(setting);
    return value == null ? otherwise : Integer.parseInt(value);
  }

  /** {@code mesh.enabled}; true unless set. */
  public boolean enabled() {
    return !get(Setting.ENABLED, "true").equals("false");
  }

  /** {@code mesh.service-name}, null when neither it nor a fallback is set. */
  public @Nullable String serviceName() {
    return get(Setting.SERVICE_NAME);
  }

  /** {@code mesh.namespace}; {@code default} unless set. */
  public String namespace() {
    return get(Setting.NAMESPACE, "default");
  }

  /** {@code mesh.service-account}; the service's name unless set. */
  public String serviceAccount() {
    return get(Setting.SERVICE_ACCOUNT, get(Setting.SERVICE_NAME, "default"));
  }

  /** {@code mesh.labels} in their order; empty unless set. */
  public Map<String, String> labels() {
    Map<String, String> labels = new LinkedHashMap<>();
    String text = get(Setting.LABELS);
    if (text != null) {
      for (String label : text.split("[,;]")) {
        int at = label.indexOf('=');
        labels.put(label.substring(0, at).trim(), label.substring(at + 1).trim());
      }
    }
    return labels;
  }

  /** {@code mesh.virtual-addresses}; empty unless set. */
  public String[] virtualAddresses() {
    String text = get(Setting.VIRTUAL_ADDRESSES);
    if (text == null) {
      return new String[0];
    }
    String[] hosts = text.split("[,;]");
    for (int i = 0; i < hosts.length; i++) {
      hosts[i] = hosts[i].trim();
    }
    return hosts;
  }

  /** {@code mesh.locality}; empty unless set. */
  public String locality() {
    return get(Setting.LOCALITY, "");
  }

  /** {@code mesh.control-server}, null unless set. */
  public @Nullable String controlServer() {
    return get(Setting.CONTROL_SERVER);
  }

  /**
   * {@code mesh.cache-dir}; {@code ~/.weft/<namespace>.<service>} unless set, null where the user
   * has no home directory.
   */
  public @Nullable String cacheDir() {
    String set = get(Setting.CACHE_DIR);
    String service = serviceName();
    if (set != null || service == null) {
      return set;
    }
    String home = System.getProperty("user.home", "?");
    // The JDK's answer for a user id without an account, as containers have them.
    return home.isEmpty() || home.equals("?")
        ? null
        : home + File.separator + ".weft" + File.separator + namespace() + "." + service;
  }

  /** {@code mesh.class-cache}; true unless set. */
  public boolean keepsClasses() {
    return !get(Setting.CLASS_CACHE, "true").equals("false");
  }

  /** {@code mesh.service-port}; 0 leaves it to the container. */
  public int servicePort() {
    return number(Setting.SERVICE_PORT, 0);
  }

  /**
   * Whether {@code mesh.on-agent-failure} is {@code deny}; not so unless set, but so when it is
   * malformed.
   */
  public boolean denyOnAgentFailure() {
    return failureMalformed || get(Setting.ON_AGENT_FAILURE, "allow").equals("deny");
  }

  /** {@code mesh.start-wait-millis}; 5000 unless set. */
  public int startWaitMillis() {
    return number(Setting.START_WAIT, DEFAULT_START_WAIT_MILLIS);
  }

  /** {@code mesh.metrics-port}; 0, for none, unless set. */
  public int metricsPort() {
    return number(Setting.METRICS_PORT, 0);
  }

  /** {@code mesh.metrics-host}; {@code 127.0.0.1} unless set. */
  public String metricsHost() {
    return get(Setting.METRICS_HOST, "127.0.0.1");
  }
}
