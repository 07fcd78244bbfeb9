package dev.weft.dataplane.inbound;

import dev.weft.dataplane.snapshot.RouteMatcher;
import dev.weft.policy.snapshot.CorsPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The rules of routes to this workload, as far as they speak of other origins. Immutable. */
final class CompiledCors {
  private static final int NONE = -1;

  private final RouteMatcher[][] matches;
  private final @Nullable CorsGrant[] grants;

  private CompiledCors(List<Route> rules) {
    this.matches = new RouteMatcher[rules.size()][];
    this.grants = new CorsGrant[rules.size()];
    for (int i = 0; i < grants.length; i++) {
      Route rule = rules.get(i);
      RouteMatcher[] any = new RouteMatcher[rule.matches.size()];
      int at = 0;
      for (RouteMatch match : rule.matches) {
        any[at++] = RouteMatcher.of(match);
      }
      matches[i] = any;
      CorsPolicy policy = rule.cors;
      grants[i] = policy == null ? null : new CorsGrant(rule.name, policy);
    }
  }

  /**
   * Compiles rules.
   *
   * @throws IllegalArgumentException when a value cannot be understood; the snapshot is refused
   */
  static CompiledCors of(List<Route> rules) {
    return new CompiledCors(rules);
  }

  /**
   * What holds for a request: what the first rule says that matches it. Nothing, where the readings
   * of its path lead to different rules: else a page could ask for what one rule protects in a way
   * that another lets it read.
   */
  @Nullable CorsGrant find(InboundRequest request) {
    RequestPaths paths = RequestPaths.of(request);
    if (paths.ambiguous()) {
      return null;
    }
    CorsHead head = new CorsHead(request);
    int found = rule(head);
    if (found == NONE) {
      return null;
    }
    String decoded = request.decodedPath();
    String mapped = request.mappedPath();
    boolean agreed =
        (paths.isRaw(paths.normalised()) || rule(head.read(paths.normalised())) == found)
            && (paths.isRaw(decoded) || rule(head.read(decoded)) == found)
            && (mapped == null || mapped.equals(decoded) || rule(head.read(mapped)) == found);
    return agreed ? grants[found] : null;
  }

  private int rule(CorsHead head) {
    for (int i = 0; i < matches.length; i++) {
      if (matches(matches[i], head)) {
        return i;
      }
    }
    return NONE;
  }

  private static boolean matches(RouteMatcher[] any, CorsHead head) {
    for (RouteMatcher match : any) {
      if (match.matches(head)) {
        return true;
      }
    }
    return any.length == 0;
  }
}
