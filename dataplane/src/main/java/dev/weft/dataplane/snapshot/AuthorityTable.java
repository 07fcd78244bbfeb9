package dev.weft.dataplane.snapshot;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Host names to services by one hash lookup that reads the authority in place: no substring, no
 * lower casing. Immutable.
 *
 * <p>Case does not matter, one trailing dot is ignored, and so is user information. A port narrows
 * the choice to services that listen on it, or on any.
 */
final class AuthorityTable {
  /** Default port for an authority that means a service on whatever port. */
  static final int ANY_PORT = 0;

  private final @Nullable Entry[] buckets;
  private final int mask;

  /** A host name with the services it may mean; a chain, since buckets are not unique. */
  private static final class Entry {
    final String host;
    final int hash;
    final CompiledService service;
    @Nullable Entry next;

    Entry(String host, int hash, CompiledService service) {
      this.host = host;
      this.hash = hash;
      this.service = service;
    }
  }

  private AuthorityTable(@Nullable Entry[] buckets) {
    this.buckets = buckets;
    this.mask = buckets.length - 1;
  }

  /** The table of these services; where two claim a host and port, the first has it. */
  static AuthorityTable of(List<CompiledService> services) {
    List<Entry> entries = new ArrayList<>();
    for (CompiledService service : services) {
      for (String authority : service.document().authorities) {
        String host = authority.toLowerCase(Locale.ROOT);
        int end = host.endsWith(".") ? host.length() - 1 : host.length();
        host = host.substring(0, end);
        entries.add(new Entry(host, hash(host, 0, end), service));
      }
    }
    int size = Integer.highestOneBit(Math.max(8, entries.size() * 2)) * 2;
    @Nullable Entry[] buckets = new @Nullable Entry[size];
    for (int i = entries.size() - 1; i >= 0; i--) {
      Entry entry = entries.get(i);
      int index = entry.hash & (size - 1);
      entry.next = buckets[index];
      buckets[index] = entry;
    }
    return new AuthorityTable(buckets);
  }

  /**
   * The service an authority stands for, or null.
   *
   * @param defaultPort port when the authority names none
   */
  @Nullable CompiledService find(String authority, int defaultPort) {
    int start = authority.lastIndexOf('@') + 1;
    int end = Authorities.hostEnd(authority, start);
    int port = Authorities.port(authority, end, defaultPort);
    if (port < 0) {
      return null;
    }
    if (end > start && authority.charAt(end - 1) == '.') {
      end--;
    }
    int hash = hash(authority, start, end);
    for (Entry entry = buckets[hash & mask]; entry != null; entry = entry.next) {
      if (entry.hash == hash
          && entry.host.length() == end - start
          && authority.regionMatches(true, start, entry.host, 0, end - start)
          && (port == ANY_PORT || entry.service.listens(port))) {
        return entry.service;
      }
    }
    return null;
  }

  private static int hash(String text, int start, int end) {
    int hash = 0;
    for (int i = start; i < end; i++) {
      char c = text.charAt(i);
      hash = 31 * hash + (c >= 'A' && c <= 'Z' ? c + 32 : c);
    }
    return hash ^ (hash >>> 16);
  }
}
