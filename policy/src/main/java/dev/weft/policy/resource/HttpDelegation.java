package dev.weft.policy.resource;

import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How the matches of a rule that delegates and of one that it delegates to become one, as Istio
 * merges them ({@code pilot/pkg/model/virtualservice.go}): each match of the delegate must be part
 * of one of the root's.
 */
final class HttpDelegation {
  private HttpDelegation() {}

  /** Returns the matches of both, or null when one of the delegate's is part of none. */
  static @Nullable List<HttpMatch> merged(List<HttpMatch> root, List<HttpMatch> delegate) {
    if (root.isEmpty()) {
      return delegate;
    }
    if (delegate.isEmpty()) {
      return root;
    }
    List<HttpMatch> merged = new ArrayList<>();
    for (HttpMatch leaf : delegate) {
      boolean found = false;
      for (HttpMatch around : root) {
        if (!conflict(around, leaf)) {
          merged.add(merged(around, leaf));
          found = true;
        }
      }
      if (!found) {
        return null;
      }
    }
    return merged;
  }

  /** Returns {@code root-leaf}, or the one that is there. */
  static String name(String root, String leaf) {
    return root.isEmpty() || leaf.isEmpty() ? root + leaf : root + "-" + leaf;
  }

  private static HttpMatch merged(HttpMatch root, HttpMatch leaf) {
    RouteMatch around = root.request;
    RouteMatch inside = leaf.request;
    return new HttpMatch(
        name(root.name, leaf.name),
        root.inMesh && leaf.inMesh,
        leaf.sourceNamespace.isEmpty() ? root.sourceNamespace : leaf.sourceNamespace,
        both(root.sourceLabels, leaf.sourceLabels),
        inside.toBuilder()
            .uri(inside.uri == null ? around.uri : inside.uri)
            .scheme(inside.scheme == null ? around.scheme : inside.scheme)
            .method(inside.method == null ? around.method : inside.method)
            .authority(inside.authority == null ? around.authority : inside.authority)
            .headers(both(around.headers, inside.headers))
            .withoutHeaders(both(around.withoutHeaders, inside.withoutHeaders))
            .queryParams(both(around.queryParams, inside.queryParams))
            .port(inside.port == 0 ? around.port : inside.port)
            .build());
  }

  private static <T> Map<String, T> both(Map<String, T> root, Map<String, T> leaf) {
    Map<String, T> both = new LinkedHashMap<>(root);
    both.putAll(leaf);
    return both;
  }

  private static boolean conflict(HttpMatch root, HttpMatch leaf) {
    RouteMatch around = root.request;
    RouteMatch inside = leaf.request;
    return conflict(around.uri, inside.uri)
        || conflict(around.scheme, inside.scheme)
        || conflict(around.method, inside.method)
        || conflict(around.authority, inside.authority)
        || conflict(around.headers, inside.headers)
        || conflict(around.withoutHeaders, inside.withoutHeaders)
        || conflict(around.queryParams, inside.queryParams)
        || around.ignoreUriCase != inside.ignoreUriCase
        || (around.port > 0 && inside.port > 0 && around.port != inside.port)
        || differ(root.sourceNamespace, leaf.sourceNamespace)
        || labelsDiffer(root.sourceLabels, leaf.sourceLabels);
  }

  private static boolean differ(String root, String leaf) {
    return !root.isEmpty() && !leaf.isEmpty() && !root.equals(leaf);
  }

  private static boolean labelsDiffer(Map<String, String> root, Map<String, String> leaf) {
    for (Map.Entry<String, String> label : leaf.entrySet()) {
      String other = root.get(label.getKey());
      if (other != null && !other.equals(label.getValue())) {
        return true;
      }
    }
    return false;
  }

  private static boolean conflict(Map<String, StringMatch> root, Map<String, StringMatch> leaf) {
    for (Map.Entry<String, StringMatch> match : leaf.entrySet()) {
      if (conflict(root.get(match.getKey()), match.getValue())) {
        return true;
      }
    }
    return false;
  }

  /** Whether a text may match the leaf and not the root. */
  private static boolean conflict(@Nullable StringMatch root, @Nullable StringMatch leaf) {
    if (root == null || leaf == null) {
      return false;
    }
    if (root.kind == StringMatch.Kind.EXACT) {
      return leaf.kind != StringMatch.Kind.EXACT || !leaf.value.equals(root.value);
    }
    boolean plain = leaf.kind == StringMatch.Kind.EXACT || leaf.kind == StringMatch.Kind.PREFIX;
    return root.kind != StringMatch.Kind.PREFIX || !plain || !leaf.value.startsWith(root.value);
  }
}
