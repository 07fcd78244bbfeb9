package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.Redirect;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/** Where a redirect leads, put together of the request and the policy as Envoy does. Immutable. */
final class Redirection {
  private final Redirect redirect;
  private final @Nullable PathRewriter path;

  Redirection(Redirect redirect) {
    this.redirect = redirect;
    this.path = redirect.path == null ? null : PathRewriter.of(redirect.path);
  }

  /** The absolute URL, as the header {@code Location} has it. */
  String location(RequestHead request) {
    String own = request.scheme().toLowerCase(Locale.ROOT);
    String scheme = redirect.scheme == null ? own : redirect.scheme;
    int port =
        redirect.requestPort
            ? Authorities.portOf(request.authority(), request.scheme())
            : redirect.port;
    boolean ported = port > 0;
    if (port == Authorities.defaultPort(scheme)) {
      port = 0;
    }
    String host =
        redirect.authority == null ? host(request, own, scheme, ported) : redirect.authority;
    String to = path == null ? request.path() : path.rewrite(request.path());
    StringBuilder location = new StringBuilder(64).append(scheme).append("://").append(host);
    if (port > 0) {
      location.append(':').append(port);
    }
    if (!to.startsWith("/")) {
      // Or it would go on with the host's name.
      location.append('/');
    }
    return location.append(to.equals("*") ? "" : to).toString();
  }

  /** The request's, without a port that another takes the place of or that the scheme implies. */
  private static String host(RequestHead request, String own, String scheme, boolean ported) {
    String authority = request.authority();
    authority = authority.substring(authority.lastIndexOf('@') + 1);
    int end = Authorities.hostEnd(authority, 0);
    boolean standard =
        Authorities.port(authority, end, 0) == Authorities.defaultPort(own) && !scheme.equals(own);
    return ported || standard ? authority.substring(0, end) : authority;
  }
}
