package dev.weft.policy.resource;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.Collections;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * To callers of which namespaces a resource is there: Istio's {@code exportTo}. Immutable.
 *
 * <p>{@code .} is the resource's own namespace, {@code *} is all of them, which is also what the
 * absence of the field means; {@code ~}, for a ServiceEntry alone, is none.
 */
public final class Visibility {
  static final String FIELD = "exportTo";

  private static final String OWN = ".";
  private static final String ALL = "*";
  private static final String NOBODY = "~";

  static final Type TYPE = type(false);
  static final Type TYPE_WITH_NOBODY = type(true);

  /** How near a resource is to a caller; where several compete, the nearer one counts. */
  public enum Reach {
    /** For the caller's namespace, which is the resource's own. */
    OWN,
    /** For the caller's namespace, by name. */
    NAMED,
    /** For everybody. */
    ALL,
    /** Not there for the caller. */
    HIDDEN
  }

  private final String own;
  private final boolean all;
  private final Set<String> namespaces;

  private Visibility(String own, boolean all, Set<String> namespaces) {
    this.own = own;
    this.all = all;
    this.namespaces = Collections.unmodifiableSet(namespaces);
  }

  static Visibility of(List<String> exportTo, String namespace) {
    Set<String> namespaces = new HashSet<>();
    for (String entry : exportTo) {
      if (!entry.equals(ALL) && !entry.equals(NOBODY)) {
        namespaces.add(entry.equals(OWN) ? namespace : entry);
      }
    }
    return new Visibility(namespace, exportTo.isEmpty() || exportTo.contains(ALL), namespaces);
  }

  /** Returns that of a resource which is there for its own namespace alone. */
  static Visibility ownOf(String namespace) {
    return of(Collections.singletonList(OWN), namespace);
  }

  /** Returns how near the resource is to callers in the namespace. */
  public Reach to(String callerNamespace) {
    if (all) {
      return Reach.ALL;
    }
    if (!namespaces.contains(callerNamespace)) {
      return Reach.HIDDEN;
    }
    return callerNamespace.equals(own) ? Reach.OWN : Reach.NAMED;
  }

  /** Returns whether the resource is there for callers in the namespace. */
  public boolean includes(String callerNamespace) {
    return all || namespaces.contains(callerNamespace);
  }

  /** Returns whether it is there for the resource's own namespace and no other. */
  public boolean isPrivate() {
    return !all && namespaces.size() == 1 && namespaces.contains(own);
  }

  private static Type type(boolean nobody) {
    return ListType.of(
        Scalars.text(
            "a namespace, . or *", text -> nobody && text.equals(NOBODY) ? null : problem(text)));
  }

  private static @Nullable String problem(String text) {
    return text.equals(OWN) || text.equals(ALL) || Checks.dnsLabel(text) == null
        ? null
        : "must be a namespace, . for its own or * for all, not \"" + text + '"';
  }

  /** What Istio demands of the entries together. */
  static void check(ObjectView spec) {
    List<String> entries = spec.texts(FIELD);
    Set<String> seen = new HashSet<>();
    for (int i = 0; i < entries.size(); i++) {
      if (!seen.add(entries.get(i))) {
        spec.invalid(FIELD, i, "is in the list already; keep one");
      }
    }
    for (String alone : new String[] {ALL, NOBODY}) {
      if (seen.size() > 1 && seen.contains(alone)) {
        spec.invalid(
            FIELD, entries.indexOf(alone), "says everything already; leave out the others");
        return;
      }
    }
  }

  /**
   * Adds a problem where {@code .} and the name of its own namespace stand beside each other, or
   * where another namespace is named and it can be for its own alone.
   *
   * @param ownOnly whether it is for callers of its own namespace, whatever is written
   */
  static void check(
      String namespace,
      boolean ownOnly,
      Map<String, Object> spec,
      Value.Mapping document,
      Problems problems) {
    Object written = spec.get(FIELD);
    if (!(written instanceof List)) {
      return;
    }
    List<?> entries = (List<?>) written;
    if (entries.contains(OWN) && entries.contains(namespace)) {
      problems.invalid(
          mark(document),
          "spec." + FIELD,
          "names " + namespace + ", which . means already; keep one");
    }
    for (Object entry : entries) {
      if (ownOnly && !entry.equals(OWN) && !entry.equals(namespace)) {
        problems.invalid(
            mark(document),
            "spec." + FIELD,
            "must be . beside workloadSelector, which chooses callers of its own namespace");
        return;
      }
    }
  }

  private static Mark mark(Value.Mapping document) {
    Value.Entry entry = document.entries.get("spec");
    if (entry == null) {
      return document.mark();
    }
    Value.Entry field =
        entry.value instanceof Value.Mapping
            ? ((Value.Mapping) entry.value).entries.get(FIELD)
            : null;
    return field == null ? entry.key.mark() : field.key.mark();
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Visibility
        && all == ((Visibility) other).all
        && own.equals(((Visibility) other).own)
        && namespaces.equals(((Visibility) other).namespaces);
  }

  @Override
  public int hashCode() {
    return namespaces.hashCode() * 31 + own.hashCode();
  }
}
