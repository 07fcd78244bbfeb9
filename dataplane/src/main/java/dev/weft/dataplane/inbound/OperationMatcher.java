package dev.weft.dataplane.inbound;

import dev.weft.policy.snapshot.Operation;
import java.util.List;

/** What a request may ask: all given fields must hold. Immutable. */
final class OperationMatcher {
  private final Attribute hosts;
  private final Attribute methods;
  private final int[] ports;
  private final int[] notPorts;
  private final TextPattern[] paths;
  private final TextPattern[] notPaths;

  private OperationMatcher(
      Attribute hosts,
      Attribute methods,
      int[] ports,
      int[] notPorts,
      TextPattern[] paths,
      TextPattern[] notPaths) {
    this.hosts = hosts;
    this.methods = methods;
    this.ports = ports;
    this.notPorts = notPorts;
    this.paths = paths;
    this.notPaths = notPaths;
  }

  static OperationMatcher of(Operation operation) {
    return new OperationMatcher(
        Attribute.of(TextPattern.hosts(operation.hosts), TextPattern.hosts(operation.notHosts)),
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
    return !hosts.unset();
  }

  boolean matches(Facts facts, boolean deny) {
    return methods.holds(facts.method(), deny)
        && (ports.length == 0 || contains(ports, facts.port()))
        && (notPorts.length == 0 || !contains(notPorts, facts.port()))
        && (hosts.unset() || hosts.holds(facts.host(), deny))
        && (!needsPath() || pathHolds(facts.paths(), deny));
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
