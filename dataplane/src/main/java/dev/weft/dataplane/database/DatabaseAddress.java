package dev.weft.dataplane.database;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Locale;

/**
 * A database as the application names it: what a policy matches, and what telemetry tells.
 * Immutable.
 */
public final class DatabaseAddress {
  private final String system;
  private final String url;
  private final List<String> hosts;
  private final List<Integer> ports;
  private final String namespace;
  private final String key;

  private DatabaseAddress(
      String system, String url, List<String> hosts, List<Integer> ports, String namespace) {
    this.system = system;
    this.url = withoutParameters(url);
    this.hosts = Collections.unmodifiableList(new ArrayList<>(hosts));
    this.ports = Collections.unmodifiableList(new ArrayList<>(ports));
    this.namespace = namespace;
    StringBuilder text = new StringBuilder(system).append("://");
    for (int i = 0; i < hosts.size(); i++) {
      text.append(i == 0 ? "" : ",").append(hosts.get(i)).append(':').append(ports.get(i));
    }
    this.key = text.append('/').append(namespace).toString();
  }

  /**
   * A database on one host.
   *
   * @param system what OpenTelemetry calls {@code db.system.name}: {@code postgresql}, {@code
   *     mysql}, {@code mariadb}, {@code h2database}, {@code oracle.db}, {@code
   *     microsoft.sql_server}
   * @param url the JDBC URL; parameters are dropped, and the rest is kept for matching only, for it
   *     may hold a password
   * @param host lower case is made of it; {@code ""} for a database inside the process
   * @param port the default one of the driver where the URL has none; 0 without a host
   * @param namespace name of the database, {@code ""} when there is none
   */
  public static DatabaseAddress of(
      String system, String url, String host, int port, String namespace) {
    return host.isEmpty()
        ? of(system, url, Collections.emptyList(), Collections.emptyList(), namespace)
        : of(
            system,
            url,
            Collections.singletonList(host),
            Collections.singletonList(port),
            namespace);
  }

  /** The same for a URL that names several hosts; as many ports as hosts. */
  public static DatabaseAddress of(
      String system, String url, List<String> hosts, List<Integer> ports, String namespace) {
    if (hosts.size() != ports.size()) {
      throw new IllegalArgumentException(hosts.size() + " hosts with " + ports.size() + " ports");
    }
    String[] lower = hosts.toArray(new String[0]);
    for (int i = 0; i < lower.length; i++) {
      // What stands before an @ is a user, and perhaps a password, that must not become a name.
      lower[i] = lower[i].substring(lower[i].lastIndexOf('@') + 1).toLowerCase(Locale.ROOT);
    }
    return new DatabaseAddress(
        system, url, Arrays.asList(lower), ports, withoutParameters(namespace));
  }

  /** {@code db.system.name}. */
  public String system() {
    return system;
  }

  /** The first host, {@code ""} when there is none. */
  public String host() {
    return hosts.isEmpty() ? "" : hosts.get(0);
  }

  /** Its port, 0 when there is none. */
  public int port() {
    return ports.isEmpty() ? 0 : ports.get(0);
  }

  /** Name of the database, or {@code ""}. */
  public String namespace() {
    return namespace;
  }

  /** The URL without parameters; may hold a password, so it is not for messages. */
  String url() {
    return url;
  }

  List<String> hosts() {
    return hosts;
  }

  List<Integer> ports() {
    return ports;
  }

  /** The same for every way to write this address; free of secrets. */
  @Override
  public String toString() {
    return key;
  }

  private static String withoutParameters(String url) {
    int end = url.length();
    for (char mark : new char[] {'?', ';'}) {
      int at = url.indexOf(mark);
      end = at >= 0 && at < end ? at : end;
    }
    return url.substring(0, end);
  }
}
