package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * The hosts of a Sidecar's egress, {@code namespace/dnsName}: which services and rules of which
 * namespaces are for its workloads. Immutable.
 *
 * <p>{@code .} is the workload's namespace (for a Sidecar of the root namespace each workload's
 * own), {@code *} any, {@code ~} none; {@code ~web/*} takes out again what others let in.
 */
public final class EgressScope {
  private static final String ANY = "*";
  private static final String OWN = ".";
  private static final String NONE = "~";

  private final List<Listener> listeners = new ArrayList<>();

  private EgressScope() {}

  /** What is let in for calls to one port, or to any. */
  private static final class Listener {
    final int port;
    final Map<String, Names> let = new HashMap<>();
    final Map<String, Names> taken = new HashMap<>();

    Listener(int port) {
      this.port = port;
    }

    boolean hasService(String namespace, String host, String workloadNamespace) {
      return covers(let, namespace, host, workloadNamespace)
          && !covers(taken, namespace, host, workloadNamespace);
    }

    boolean hasRules(String namespace, String host, String workloadNamespace) {
      boolean meets = false;
      for (Names names : of(let, namespace, workloadNamespace)) {
        meets |= names.meets(host);
      }
      return meets && !covers(taken, namespace, host, workloadNamespace);
    }
  }

  /**
   * Returns the hosts of one element.
   *
   * @param port to which calls are let, 0 for any
   */
  static EgressScope of(List<String> hosts, int port) {
    Listener listener = new Listener(port);
    for (String host : hosts) {
      int slash = host.indexOf('/');
      String namespace = host.substring(0, slash);
      String name = host.substring(slash + 1).toLowerCase(Locale.ROOT);
      if (namespace.startsWith(NONE) && namespace.length() > 1) {
        listener.taken.computeIfAbsent(namespace.substring(1), key -> new Names()).add(name);
      } else if (!namespace.equals(NONE)) {
        listener.let.computeIfAbsent(namespace, key -> new Names()).add(name);
      }
    }
    EgressScope scope = new EgressScope();
    scope.listeners.add(listener);
    return scope;
  }

  /** Returns what any of these lets in. */
  static EgressScope of(List<EgressScope> elements) {
    EgressScope scope = new EgressScope();
    for (EgressScope element : elements) {
      scope.listeners.addAll(element.listeners);
    }
    return scope;
  }

  /**
   * Returns whether a service is in it.
   *
   * @param namespace of the service
   * @param host canonical, in lower case
   * @param workloadNamespace of the caller
   */
  public boolean hasService(String namespace, String host, String workloadNamespace) {
    for (Listener listener : listeners) {
      if (listener.hasService(namespace, host, workloadNamespace)) {
        return true;
      }
    }
    return false;
  }

  /** Returns the ports of a service in it to which calls are let; none stands for all. */
  public List<Integer> ports(String namespace, String host, String workloadNamespace) {
    List<Integer> ports = new ArrayList<>();
    for (Listener listener : listeners) {
      if (listener.hasService(namespace, host, workloadNamespace)) {
        if (listener.port == 0) {
          return new ArrayList<>();
        }
        ports.add(listener.port);
      }
    }
    return ports;
  }

  /**
   * Returns whether rules of a namespace for a host are in it.
   *
   * @param host canonical, or {@code *suffix}, in lower case: one that overlaps counts
   */
  public boolean hasRules(String namespace, String host, String workloadNamespace) {
    for (Listener listener : listeners) {
      if (listener.hasRules(namespace, host, workloadNamespace)) {
        return true;
      }
    }
    return false;
  }

  private static boolean covers(
      Map<String, Names> by, String namespace, String host, String workloadNamespace) {
    for (Names names : of(by, namespace, workloadNamespace)) {
      if (names.covers(host)) {
        return true;
      }
    }
    return false;
  }

  private static List<Names> of(Map<String, Names> by, String namespace, String workloadNamespace) {
    List<Names> found = new ArrayList<>(3);
    add(found, by.get(namespace));
    add(found, by.get(ANY));
    if (namespace.equals(workloadNamespace)) {
      add(found, by.get(OWN));
    }
    return found;
  }

  private static void add(List<Names> found, @Nullable Names names) {
    if (names != null) {
      found.add(names);
    }
  }

  /** Names and wildcards of one namespace; filled once, then only read. */
  private static final class Names {
    private final Set<String> exact = new HashSet<>();
    private final List<String> wildcards = new ArrayList<>();

    void add(String name) {
      if (name.startsWith(ANY)) {
        wildcards.add(name);
      } else {
        exact.add(name);
      }
    }

    boolean covers(String host) {
      if (exact.contains(host)) {
        return true;
      }
      for (String wildcard : wildcards) {
        if (host.endsWith(wildcard.substring(1))) {
          return true;
        }
      }
      return false;
    }

    boolean meets(String host) {
      if (!host.startsWith(ANY)) {
        return covers(host);
      }
      for (String wildcard : wildcards) {
        if (HostNames.overlap(wildcard, host)) {
          return true;
        }
      }
      for (String name : exact) {
        if (HostNames.matches(host, name)) {
          return true;
        }
      }
      return false;
    }
  }
}
