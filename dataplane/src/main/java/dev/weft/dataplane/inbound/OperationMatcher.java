package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.Operation;
import java.util.List;

/** What a request may ask: all given fields must hold. Immutable. */
final class OperationMatcher {
  private final TextPattern[] hosts;
  private final TextPattern[] notHosts;
  private final Attribute methods;
  private final int[] ports;
  private final int[] notPorts;
  private final TextPattern[] paths;
  private final TextPattern[] notPaths;

  private OperationMatcher(
      TextPattern[] hosts,
      TextPattern[] notHosts,
      Attribute methods,
      int[] ports,
      int[] notPorts,
      TextPattern[] paths,
      TextPattern[] notPaths) {
    this.hosts = hosts;
    this.notHosts = notHosts;
    this.methods = methods;
    this.ports = ports;
    this.notPorts = notPorts;
    this.paths = paths;
    this.notPaths = notPaths;
  }

  static OperationMatcher of(Operation operation) {
    return new OperationMatcher(
        TextPattern.hosts(operation.hosts),
        TextPattern.hosts(operation.notHosts),
        Attribute.of(TextPattern.of(operation.methods), TextPattern.of(operation.notMethods)),
        numbers(operation.ports),
        numbers(operation.notPorts),
        TextPattern.paths(operation.paths),
        TextPattern.paths(operation.notPaths));
  }

  private static int[] numbers(List<String> texts) {
    int[] numbers = new int[texts.size()];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = Integer.parseInt(texts.get(i));
    }
    return numbers;
  }

  boolean needsPath() {
    return paths.length > 0 || notPaths.length > 0;
  }

  boolean needsHost() {
    return hosts.length > 0 || notHosts.length > 0;
  }

  boolean matches(Facts facts, boolean deny) {
    return methods.holds(facts.method(), deny)
        && (ports.length == 0 || contains(ports, facts.port()))
        && (notPorts.length == 0 || !contains(notPorts, facts.port()))
        && (!needsHost() || hostHolds(facts, deny))
        && (!needsPath() || pathHolds(facts.paths(), deny));
  }

  /** A value with a port is about that port only, one without is about any (Istio hosts). */
  private boolean hostHolds(Facts facts, boolean deny) {
    String authority = facts.authority();
    String host = facts.host();
    if (authority == null || host == null) {
      return deny && hosts.length == 0;
    }
    return (hosts.length == 0 || eitherMatches(hosts, authority, host))
        && !eitherMatches(notHosts, authority, host);
  }

  private static boolean eitherMatches(TextPattern[] patterns, String authority, String host) {
    return TextPattern.any(patterns, host) || TextPattern.any(patterns, authority);
  }

  private boolean pathHolds(RequestPaths read, boolean deny) {
    if (deny) {
      return (paths.length == 0 || read.anyMatches(paths))
          && (notPaths.length == 0 || !read.allMatch(notPaths));
    }
    return (paths.length == 0 || read.allMatch(paths))
        && (notPaths.length == 0 || !read.anyMatches(notPaths));
  }

  private static boolean contains(int[] numbers, int number) {
    for (int each : numbers) {
      if (each == number) {
        return true;
      }
    }
    return false;
  }
}
