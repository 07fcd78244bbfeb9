package dev.weft.instrumentation.jdbc;

import dev.weft.dataplane.database.DatabaseAddress;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/**
 * A JDBC URL taken apart as far as the mesh needs: where its hosts stand, and which database it
 * names. What a driver alone understands (Oracle's descriptors and aliases, MySQL's {@code
 * address=(...)}) keeps its text, and cannot be redirected. Immutable.
 */
final class JdbcUrl {
  private final Dialect dialect;
  private final String text;

  /** The part that names hosts; from &lt; 0 when it cannot be rewritten. */
  private final int from;

  private final int to;
  private final List<String> hosts = new ArrayList<>();
  private final List<Integer> ports = new ArrayList<>();
  private final String namespace;

  private JdbcUrl(
      Dialect dialect, String text, int from, int to, String namespace, boolean embedded) {
    this.dialect = dialect;
    this.text = text;
    this.namespace = namespace;
    boolean plain = from >= 0 && readHosts(text.substring(from, to), embedded);
    this.from = plain && !embedded ? from : -1;
    this.to = to;
  }

  /** The URL as a driver of this dialect reads it. */
  static JdbcUrl of(Dialect dialect, String text) {
    int end = end(dialect, text);
    int slashes = text.indexOf("//");
    switch (dialect) {
      case H2:
        return h2(text, end);
      case ORACLE:
        return oracle(text, end);
      case SQL_SERVER:
        int semicolon = slashes < 0 ? -1 : slashes + 2;
        return new JdbcUrl(dialect, text, semicolon, end, sqlServerDatabase(text), false);
      default:
        if (slashes < 0 || slashes > end) {
          // jdbc:postgresql:shop
          int colon = text.indexOf(':', 5) + 1;
          String name = text.substring(Math.min(colon, end), end);
          return new JdbcUrl(dialect, text, colon, colon, strip(name), false);
        }
        int path = text.indexOf('/', slashes + 2);
        int hostsEnd = path < 0 || path > end ? end : path;
        String database = hostsEnd < end ? text.substring(hostsEnd + 1, end) : "";
        return new JdbcUrl(dialect, text, slashes + 2, hostsEnd, database, false);
    }
  }

  private static JdbcUrl h2(String text, int end) {
    String rest = text.substring(Math.min(8, end), end);
    boolean remote = rest.startsWith("tcp://") || rest.startsWith("ssl://");
    if (!remote) {
      return new JdbcUrl(Dialect.H2, text, 8, 8, rest, true);
    }
    int path = text.indexOf('/', 14);
    int hostsEnd = path < 0 || path > end ? end : path;
    String database = hostsEnd < end ? text.substring(hostsEnd + 1, end) : "";
    return new JdbcUrl(Dialect.H2, text, 14, hostsEnd, database, false);
  }

  /** {@code jdbc:oracle:thin:@//host:1521/service}, {@code @host:1521:sid}. */
  private static JdbcUrl oracle(String text, int end) {
    int start = text.indexOf('@') + 1;
    if (text.startsWith("//", start)) {
      start += 2;
    } else if (text.startsWith("tcp://", start) || text.startsWith("tcps://", start)) {
      start = text.indexOf("//", start) + 2;
    }
    int path = text.indexOf('/', start);
    String whole = start == 0 || start > end ? "" : text.substring(start, end);
    if (path > 0 && path < end) {
      return new JdbcUrl(Dialect.ORACLE, text, start, path, text.substring(path + 1, end), false);
    }
    int sid = whole.lastIndexOf(':');
    boolean described = whole.isEmpty() || whole.startsWith("(") || sid < 0;
    if (described || whole.indexOf(':') == sid) {
      return new JdbcUrl(Dialect.ORACLE, text, -1, -1, whole, false);
    }
    return new JdbcUrl(Dialect.ORACLE, text, start, start + sid, whole.substring(sid + 1), false);
  }

  private static int end(Dialect dialect, String text) {
    int mark = text.indexOf(dialect.mark);
    return mark < 0 ? text.length() : mark;
  }

  private static String sqlServerDatabase(String text) {
    String named = parameter(text, "databaseName", ';');
    return named != null ? named : strip(parameter(text, "database", ';'));
  }

  private static String strip(@Nullable String name) {
    return name == null ? "" : name.startsWith("/") ? name.substring(1) : name;
  }

  /** False when it is no plain list of hosts. */
  private boolean readHosts(String list, boolean embedded) {
    if (embedded) {
      return true;
    }
    if (list.indexOf('(') >= 0 || list.indexOf('@') >= 0) {
      return false;
    }
    for (String one : list.split(",")) {
      int bracket = one.indexOf(']');
      int colon = one.indexOf(':', Math.max(bracket, 0));
      String host = colon < 0 ? one : one.substring(0, colon);
      int instance = host.indexOf('\\');
      host = instance < 0 ? host : host.substring(0, instance);
      host = bracket > 0 ? host.substring(1, bracket) : host;
      hosts.add(host.isEmpty() ? "localhost" : host);
      ports.add(colon < 0 ? dialect.port : port(one.substring(colon + 1)));
    }
    return true;
  }

  private int port(String text) {
    try {
      return text.isEmpty() ? dialect.port : Integer.parseInt(text);
    } catch (NumberFormatException e) {
      return dialect.port;
    }
  }

  /** The database as policy matches it; properties may name what the URL does not. */
  DatabaseAddress address(@Nullable Properties info) {
    List<String> names = hosts;
    String given =
        info == null || dialect != Dialect.SQL_SERVER ? null : info.getProperty("serverName");
    if (given != null && from >= 0 && from == to) {
      names = Collections.singletonList(given);
    }
    return DatabaseAddress.of(dialect.system, text, names, ports, namespace);
  }

  /** Whether the hosts can be replaced. */
  boolean canMove() {
    return from >= 0;
  }

  /** The same URL with one host in place of its hosts. */
  String at(String host, int port) {
    String authority = (host.indexOf(':') >= 0 ? "[" + host + "]" : host) + ":" + port;
    if (text.startsWith("//", from - 2)) {
      return text.substring(0, from) + authority + text.substring(to);
    }
    if (dialect == Dialect.ORACLE) {
      return text.substring(0, from) + authority + text.substring(to);
    }
    String rest = text.substring(from);
    return text.substring(0, from) + "//" + authority + (rest.startsWith("/") ? "" : "/") + rest;
  }

  /** Value of a parameter in a URL, or null. */
  static @Nullable String parameter(String url, String name, char mark) {
    int[] at = span(url, name, mark);
    return at == null ? null : url.substring(at[0], at[1]);
  }

  /** {@code url} with another value for a parameter that it has, else as it is. */
  static String withParameter(String url, String name, char mark, String value) {
    int[] at = span(url, name, mark);
    return at == null ? url : url.substring(0, at[0]) + value + url.substring(at[1]);
  }

  /**
   * Settings of the mesh's own: in the properties, and in the URL in the place of others of the
   * application.
   *
   * @param settings {@code name=value} with commas between them; may be empty
   * @return the URL
   */
  static String set(String url, Properties info, char mark, String settings) {
    String changed = url;
    for (String setting : settings.isEmpty() ? new String[0] : settings.split(",", -1)) {
      int equal = setting.indexOf('=');
      String name = setting.substring(0, equal);
      String value = setting.substring(equal + 1);
      info.setProperty(name, value);
      changed = withParameter(changed, name, mark, value);
    }
    return changed;
  }

  private static int @Nullable [] span(String url, String name, char mark) {
    char next = mark == '?' ? '&' : ';';
    for (int at = url.indexOf(mark); at >= 0; at = url.indexOf(next, at + 1)) {
      int equal = at + 1 + name.length();
      if (url.regionMatches(true, at + 1, name, 0, name.length())
          && equal < url.length()
          && url.charAt(equal) == '=') {
        int end = url.indexOf(next, equal);
        return new int[] {equal + 1, end < 0 ? url.length() : end};
      }
    }
    return null;
  }
}
