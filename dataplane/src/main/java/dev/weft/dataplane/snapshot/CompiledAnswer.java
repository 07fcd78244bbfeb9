package dev.weft.dataplane.snapshot;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestHead;
import dev.weft.policy.snapshot.DirectResponse;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.Route;
import java.util.ArrayList;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** What a route answers itself: a redirect, or a response of its own. Immutable. */
public final class CompiledAnswer {
  private static final byte[] NOTHING = new byte[0];

  private final int status;
  private final byte[] body;
  private final @Nullable Redirection redirection;
  private final HeaderEdits.Edits edits;

  private CompiledAnswer(
      int status, byte[] body, @Nullable Redirection redirection, HeaderEdits.Edits edits) {
    this.status = status;
    this.body = body;
    this.redirection = redirection;
    this.edits = edits;
  }

  static @Nullable CompiledAnswer of(Route route) {
    Redirect redirect = route.redirect;
    HeaderEdits.Edits edits = route.headers.response;
    if (redirect != null) {
      return new CompiledAnswer(redirect.status, NOTHING, new Redirection(redirect), edits);
    }
    DirectResponse response = route.directResponse;
    if (response == null) {
      return null;
    }
    // These have no body in any version of HTTP (RFC 9110, sections 15.3.5 and 15.4.5).
    boolean bare = response.status == 204 || response.status == 304;
    byte[] body = bare ? NOTHING : Base64.getDecoder().decode(response.body);
    return new CompiledAnswer(response.status, body, null, edits);
  }

  /** The answer to a request, from the named stage and route. */
  public LocalReply reply(RequestHead request, String stage, String route) {
    Map<String, List<String>> headers = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    if (body.length > 0) {
      headers.put("content-type", Collections.singletonList("text/plain"));
    }
    if (redirection != null) {
      headers.put("location", Collections.singletonList(redirection.location(request)));
    }
    for (String name : edits.remove) {
      headers.remove(name);
    }
    for (Map.Entry<String, String> set : edits.set.entrySet()) {
      headers.put(set.getKey(), Collections.singletonList(set.getValue()));
    }
    for (Map.Entry<String, String> add : edits.add.entrySet()) {
      List<String> values = headers.get(add.getKey());
      List<String> more = values == null ? new ArrayList<>() : new ArrayList<>(values);
      more.add(add.getValue());
      headers.put(add.getKey(), more);
    }
    return LocalReply.answer(status, headers, body, stage, route);
  }
}
