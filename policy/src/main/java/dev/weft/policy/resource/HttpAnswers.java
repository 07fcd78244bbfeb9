package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.DirectResponse;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What a rule answers itself, Istio HTTPRedirect and HTTPDirectResponse: tables and views. */
final class HttpAnswers {
  private static final List<Integer> REDIRECTS = Arrays.asList(0, 301, 302, 303, 307, 308);
  private static final int MAX_BODY = 1024 * 1024;

  static final Type REDIRECT =
      ObjectType.of("redirect")
          .field("uri", Scalars.text("a path", HttpRewrites.PATH))
          .field("prefixRewrite", Scalars.text("a path", HttpRewrites.PATH))
          .field("authority", Scalars.text("a host", HttpRewrites.AUTHORITY))
          .field("port", Scalars.integer(0, 65535))
          .field("derivePort", Scalars.choice("FROM_PROTOCOL_DEFAULT", "FROM_REQUEST_PORT"))
          .field("scheme", Scalars.text("http or https", HttpAnswers::schemeProblem))
          .field("redirectCode", Scalars.integer(0, 399))
          .rule(HttpAnswers::checkRedirect)
          .build();

  static final Type DIRECT_RESPONSE =
      ObjectType.of("directResponse")
          .required("status", Scalars.integer(200, 600))
          .field(
              "body",
              ObjectType.of("directResponse.body")
                  .field("string", Scalars.text("a text", HttpAnswers::bodyProblem))
                  .field("bytes", Scalars.text("base64", HttpAnswers::base64Problem))
                  .rule(HttpAnswers::checkBody)
                  .build())
          .rule(response -> refuseStatus(response, "status"))
          .build();

  private HttpAnswers() {}

  private static @Nullable String schemeProblem(String text) {
    return text.isEmpty() || text.equals("http") || text.equals("https")
        ? null
        : "must be http or https, not \"" + text + '"';
  }

  /** Istio's range ends one later than HTTP's. */
  static void refuseStatus(ObjectView answer, String field) {
    if (answer.number(field, 0) == 600) {
      answer.notInForce(field, "an answer with the status 600");
    }
  }

  private static void checkRedirect(ObjectView redirect) {
    boolean any = redirect.hasAny("port", "derivePort");
    for (String field : new String[] {"uri", "prefixRewrite", "authority", "scheme"}) {
      any |= !redirect.text(field).isEmpty();
    }
    if (!any) {
      redirect.invalid("must have uri, prefixRewrite, authority, scheme, port or derivePort");
    }
    if (!redirect.text("uri").isEmpty() && !redirect.text("prefixRewrite").isEmpty()) {
      redirect.invalid("prefixRewrite", "must not stand beside uri");
    }
    if (redirect.hasAny("port") && redirect.has("derivePort")) {
      redirect.invalid("derivePort", "must not stand beside port");
    }
    int code = (int) redirect.number("redirectCode", 0);
    if (code > 0 && code < 300) {
      redirect.invalid("redirectCode", "must be from 300 to 399, not " + code);
    } else if (!REDIRECTS.contains(code)) {
      redirect.notInForce("redirectCode", "a redirect with " + code);
    }
  }

  private static @Nullable String bodyProblem(String text) {
    return text.getBytes(StandardCharsets.UTF_8).length <= MAX_BODY
        ? null
        : "must have at most " + MAX_BODY + " bytes";
  }

  private static @Nullable String base64Problem(String text) {
    try {
      return Base64.getDecoder().decode(text).length <= MAX_BODY
          ? null
          : "must have at most " + MAX_BODY + " bytes";
    } catch (IllegalArgumentException e) {
      return "must be base64: " + e.getMessage();
    }
  }

  private static void checkBody(ObjectView body) {
    if (body.has("string") && body.has("bytes")) {
      body.invalid("bytes", "must not stand beside string");
    }
  }

  /** A prefix cannot be cut from what an expression matched. */
  static void checkPrefix(ObjectView http) {
    ObjectView redirect = http.object("redirect");
    if (redirect == null || redirect.text("prefixRewrite").isEmpty()) {
      return;
    }
    for (ObjectView match : http.objects("match")) {
      ObjectView uri = match.object("uri");
      if (uri != null && uri.has("regex")) {
        redirect.invalid("prefixRewrite", "must not stand beside a match of uri by regex");
      }
    }
  }

  /** The path's prefix, if it has one, depends on the match and is not set here. */
  static Redirect redirect(SpecFields redirect) {
    String path = redirect.text("uri", redirect.text("prefixRewrite", ""));
    if (path.isEmpty()) {
      path = redirect.text("prefixRewrite", "");
    }
    int code = redirect.integer("redirectCode", 0);
    return Redirect.builder()
        .status(code == 0 ? 301 : code)
        .scheme(notEmpty(redirect.text("scheme", "")))
        .authority(notEmpty(redirect.text("authority", "")))
        .port(redirect.integer("port", 0))
        .requestPort(redirect.text("derivePort", "").equals("FROM_REQUEST_PORT"))
        .path(path.isEmpty() ? null : PathRewrite.builder().value(path).build())
        .build();
  }

  private static @Nullable String notEmpty(String text) {
    return Checks.notEmpty(text) == null ? text : null;
  }

  static DirectResponse directResponse(SpecFields response) {
    SpecFields body = response.object("body");
    byte[] text = body.text("string", "").getBytes(StandardCharsets.UTF_8);
    return DirectResponse.builder()
        .status(response.integer("status", 200))
        .body(body.has("bytes") ? body.text("bytes", "") : Base64.getEncoder().encodeToString(text))
        .build();
  }
}
