package dev.weft.dataplane.database;

import dev.weft.policy.snapshot.DatabasePolicy;
import dev.weft.policy.snapshot.StatementKind;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Set;

/** One policy for databases, ready to be asked. Immutable. */
final class CompiledDatabase {
  private final DatabasePolicy document;
  private final String name;
  private final Glob[] urls;
  private final Glob[] hosts;
  private final Set<StatementKind> denied;

  CompiledDatabase(DatabasePolicy document) {
    this.document = document;
    this.name = document.namespace + "/" + document.name;
    this.urls = globs(document.urls);
    this.hosts = globs(document.hosts);
    this.denied = EnumSet.noneOf(StatementKind.class);
    for (String kind : document.statements.denied) {
      // A kind that this version does not know refuses the snapshot: it could not be denied.
      denied.add(StatementKind.valueOf(kind));
    }
  }

  private static Glob[] globs(List<String> patterns) {
    List<Glob> globs = new ArrayList<>();
    for (String pattern : patterns) {
      globs.add(new Glob(pattern));
    }
    return globs.toArray(new Glob[0]);
  }

  DatabasePolicy document() {
    return document;
  }

  /** {@code namespace/name}. */
  String name() {
    return name;
  }

  /** Kinds of statements that may not run. */
  Set<StatementKind> denied() {
    return denied;
  }

  /** Whether statements are judged by what they do. */
  boolean guards() {
    return document.statements.readOnly || !denied.isEmpty();
  }

  /**
   * Whether it holds for this database. A URL is compared as it was written and in one form for
   * all: {@code jdbc:system://host/namespace}, with the port and without, for each host it names.
   */
  boolean matches(DatabaseAddress address) {
    if (anyMatches(urls, address.url())) {
      return true;
    }
    String scheme = scheme(address.url());
    for (int i = 0; i < address.hosts().size(); i++) {
      String host = address.hosts().get(i);
      String withPort = host + ":" + address.ports().get(i);
      if (anyMatches(hosts, host)
          || anyMatches(hosts, withPort)
          || anyMatches(urls, scheme + "//" + host + "/" + address.namespace())
          || anyMatches(urls, scheme + "//" + withPort + "/" + address.namespace())) {
        return true;
      }
    }
    return false;
  }

  /** {@code jdbc:postgresql:} of whatever follows. */
  private static String scheme(String url) {
    int first = url.indexOf(':');
    int second = first < 0 ? -1 : url.indexOf(':', first + 1);
    return second < 0 ? url : url.substring(0, second + 1);
  }

  private static boolean anyMatches(Glob[] globs, String text) {
    for (Glob glob : globs) {
      if (glob.matches(text)) {
        return true;
      }
    }
    return false;
  }

  @Override
  public String toString() {
    return "DatabasePolicy " + name;
  }
}
