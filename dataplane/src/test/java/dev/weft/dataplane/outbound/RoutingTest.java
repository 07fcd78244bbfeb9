package dev.weft.dataplane.outbound;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.DirectResponse;
import dev.weft.policy.snapshot.HeaderEdits;
import dev.weft.policy.snapshot.PathRewrite;
import dev.weft.policy.snapshot.Redirect;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What routes answer themselves and what they write anew, through the assembled chain. */
class RoutingTest {
  private final FakeMesh mesh = new FakeMesh();

  private static Route.Builder going() {
    return Route.builder()
        .name("r")
        .backends(
            Collections.singletonList(Backend.builder().host(FakeMesh.HOST).weight(1).build()));
  }

  private static PathRewrite path(@Nullable StringMatch match, String value) {
    return PathRewrite.builder().match(match).value(value).build();
  }

  private LocalReply answer(Route.Builder route, OutboundRequest request) throws Exception {
    mesh.route(1, route.build());
    FakeMesh.FakeCall call =
        new FakeMesh.FakeCall(
            attempt -> {
              throw new AssertionError("sent");
            });
    mesh.side().blocking().execute(mesh.target(), request, call);
    assertThat(call.replies).hasSize(1);
    return call.replies.get(0);
  }

  private static Route.Builder redirecting(Redirect.Builder redirect) {
    return Route.builder().name("r").redirect(redirect.build());
  }

  private String location(Redirect.Builder redirect, FakeRequest request) throws Exception {
    return answer(redirecting(redirect), request).headers().get("location").get(0);
  }

  @Test
  void aDirectResponseNeedsNoBackend() throws Exception {
    String body = Base64.getEncoder().encodeToString("gone fishing".getBytes(UTF_8));
    LocalReply reply =
        answer(
            Route.builder()
                .name("r")
                .directResponse(DirectResponse.builder().status(503).body(body).build()),
            FakeRequest.get());
    assertThat(reply.status()).isEqualTo(503);
    assertThat(new String(reply.content(), UTF_8)).isEqualTo("gone fishing");
    assertThat(reply.headers()).containsOnlyKeys("content-type");
    assertThat(reply.headers().get("content-type")).containsExactly("text/plain");
    assertThat(mesh.last().flags()).as("nothing went wrong").isZero();
    assertThat(ResponseFlag.text(reply.flag().bit())).isEqualTo("-");
    assertThat(mesh.last().status()).isEqualTo(503);
  }

  @Test
  void aDirectResponseHasTheHeadersOfItsRoute() throws Exception {
    HeaderEdits.Edits edits =
        HeaderEdits.Edits.of(
            Collections.singletonMap("Content-Type", "application/json"),
            Collections.singletonMap("x-a", "1"),
            Collections.emptyList());
    LocalReply reply =
        answer(
            Route.builder()
                .headers(HeaderEdits.builder().response(edits).build())
                .directResponse(DirectResponse.builder().status(200).body("e30=").build()),
            FakeRequest.get());
    assertThat(reply.headers()).containsOnlyKeys("content-type", "x-a");
    assertThat(reply.headers().get("content-type")).containsExactly("application/json");
  }

  @Test
  void whatHasNoBodyGetsNone() throws Exception {
    LocalReply reply =
        answer(
            Route.builder()
                .directResponse(DirectResponse.builder().status(204).body("e30=").build()),
            FakeRequest.get());
    assertThat(reply.content()).isEmpty();
    assertThat(reply.headers()).isEmpty();
  }

  @Test
  void aRedirectKeepsWhatItDoesNotSay() throws Exception {
    FakeRequest request = new FakeRequest("GET", "orders:8080", "/a?b=c");
    assertThat(location(Redirect.builder().scheme("https"), request))
        .isEqualTo("https://orders:8080/a?b=c");
    assertThat(location(Redirect.builder().authority("stock"), request))
        .isEqualTo("http://stock/a?b=c");
    assertThat(location(Redirect.builder().port(9090), request))
        .isEqualTo("http://orders:9090/a?b=c");
    assertThat(location(Redirect.builder().path(path(null, "/new")), request))
        .isEqualTo("http://orders:8080/new?b=c");
    assertThat(location(Redirect.builder().path(path(null, "/new?d")), request))
        .isEqualTo("http://orders:8080/new?d");
    assertThat(location(Redirect.builder().path(path(StringMatch.prefix("/"), "/n/")), request))
        .isEqualTo("http://orders:8080/n/a?b=c");
    assertThat(location(Redirect.builder().path(path(null, ".evil.example")), request))
        .as("a path never goes on with the host's name")
        .isEqualTo("http://orders:8080/.evil.example?b=c");
  }

  @Test
  void aRedirectNamesNoPortThatTheSchemeImplies() throws Exception {
    FakeRequest plain = new FakeRequest("GET", "orders", "/");
    FakeRequest port = new FakeRequest("GET", "orders:80", "/");
    FakeRequest six = new FakeRequest("GET", "[::1]:8080", "/");
    assertThat(location(Redirect.builder().scheme("https").port(443), plain))
        .isEqualTo("https://orders/");
    assertThat(location(Redirect.builder().scheme("https"), port)).isEqualTo("https://orders/");
    assertThat(location(Redirect.builder().scheme("https").port(443), six))
        .as("the port of the request gives way to one that need not be written")
        .isEqualTo("https://[::1]/");
    assertThat(location(Redirect.builder().scheme("https").requestPort(true), plain))
        .isEqualTo("https://orders:80/");
    assertThat(location(Redirect.builder().authority("b").requestPort(true), six))
        .isEqualTo("http://b:8080/");
    assertThat(location(Redirect.builder().port(81), six)).isEqualTo("http://[::1]:81/");
  }

  @Test
  void aRedirectHasItsStatusAndNoBody() throws Exception {
    LocalReply reply =
        answer(redirecting(Redirect.builder().status(308).authority("b")), FakeRequest.post());
    assertThat(reply.status()).isEqualTo(308);
    assertThat(reply.content()).isEmpty();
    assertThat(reply.headers()).containsOnlyKeys("location");
  }

  @ParameterizedTest
  @CsvSource({
    "/v1,            /v2,     /v1/a?b=/v1,   /v2/a?b=/v1",
    "/v1,            /v2,     /V1/a,         /v2/a",
    "/,              /v2,     /a,            /v2a",
    "/a/,            /,       /a/b,          /b",
    "/long/er,       /x,      /long?/er,     /long?/er"
  })
  void aPrefixIsCutOff(String prefix, String value, String called, String sent) throws Exception {
    assertThat(sent(path(StringMatch.prefix(prefix), value), called)).isEqualTo(sent);
  }

  /** The table of ReplacePrefixMatch in the Gateway API's own documentation, and its edges. */
  @ParameterizedTest
  @CsvSource({
    "/foo,  /xyz,   /foo/bar,      /xyz/bar",
    "/foo,  /xyz/,  /foo/bar?a=b,  /xyz/bar?a=b",
    "/foo,  /xyz,   /foo,          /xyz",
    "/foo,  /xyz,   /foo/,         /xyz/",
    "/foo,  '',     /foo/bar,      /bar",
    "/foo,  '',     /foo/,         /",
    "/foo,  '',     /foo,          /",
    "/foo,  /,      /foo/,         /",
    "/foo,  /,      /foo?a=b,      /?a=b",
    "/,     /xyz,   /bar,          /xyz/bar",
    "/,     /xyz,   /,             /xyz/",
    "/foo,  /xyz,   /food,         /food"
  })
  void elementsOfAPathTakeThePlaceOfElements(
      String prefix, String value, String called, String sent) throws Exception {
    assertThat(sent(path(StringMatch.pathPrefix(prefix), value), called)).isEqualTo(sent);
  }

  @ParameterizedTest
  @CsvSource({
    "/a,   true",
    "/a/,  true",
    "/a/b?c=/d, true",
    "/a?b, true",
    "/ab,  false",
    "/,    false",
    "/A,   false"
  })
  void aPathPrefixEndsWithAnElement(String called, boolean matches) throws Exception {
    RouteMatch match = RouteMatch.builder().uri(StringMatch.pathPrefix("/a")).build();
    mesh.route(1, going().matches(Collections.singletonList(match)).build());
    assertThat(mesh.call(new FakeRequest("GET", "orders", called), attempt -> 200))
        .isEqualTo(matches ? 200 : 404);
  }

  @Test
  void aShareThatMayGoNowhereIsAnsweredWithItsStatus() throws Exception {
    Backend refused = Backend.builder().host("b").weight(1).refusal(500).build();
    LocalReply reply =
        answer(Route.builder().name("r").backends(Arrays.asList(refused)), FakeRequest.get());
    assertThat(reply.status()).isEqualTo(500);
    assertThat(reply.headerValue()).isEqualTo("ROUTE;r");
    assertThat(ResponseFlag.text(reply.flag().bit())).isEqualTo("NC");
    LocalReply none =
        answer(
            Route.builder().backends(Arrays.asList(refused.toBuilder().refusal(404).build())),
            FakeRequest.get());
    assertThat(ResponseFlag.text(none.flag().bit())).isEqualTo("NR");
    assertThat(none.status()).isEqualTo(404);
    mesh.route(
        1,
        Route.builder()
            .backends(
                Arrays.asList(Backend.builder().host(FakeMesh.HOST).weight(3).build(), refused))
            .build());
    int served = 0;
    for (int i = 0; i < 1000; i++) {
      served += mesh.call(FakeRequest.get(), attempt -> 200) == 200 ? 1 : 0;
    }
    assertThat(served).isBetween(700, 800);
  }

  @ParameterizedTest
  @CsvSource({
    "^/a/([^/]+)/(.*)$,  '/\\2/\\1',      /a/b/c?d=/a/b/c,  /c/b?d=/a/b/c",
    "b,                  '\\0\\0',        /abab,            /abbabb",
    "z*,                 -,               /ab,              refused",
    "(z)?b,              '[\\1]',         /ab,              /a[]",
    "b,                  '\\\\',          /ab,              '/a\\'",
    "nothing,            /x,              /ab,              /ab",
    "b*,                 x,               /bbc,             refused"
  })
  void anExpressionIsReplacedAsRe2Does(String match, String value, String called, String sent)
      throws Exception {
    assertThat(sent(path(StringMatch.regex(match), value), called)).isEqualTo(sent);
  }

  @Test
  void emptyMatchesAreReplacedOnceEach() throws Exception {
    // RE2::GlobalReplace("baaac", "a*", "x") is "xbxcx"; the slash stands for what must be first.
    assertThat(sent(path(StringMatch.regex("a*"), "/"), "/baaac")).isEqualTo("///b/c/");
  }

  /** What is sent in the place of a path, or "refused". */
  private String sent(PathRewrite rewrite, String called) throws Exception {
    RewritingRequest request = new RewritingRequest(called);
    mesh.route(1, going().rewrite(Rewrite.builder().path(rewrite).build()).build());
    int status = mesh.call(request, attempt -> 200);
    assertThat(request.path()).isEqualTo(called);
    if (status == 503) {
      assertThat(request.sentPath).isNull();
      return "refused";
    }
    return request.sentPath == null ? called : request.sentPath;
  }

  @Test
  void aHostIsWrittenAnew() throws Exception {
    RewritingRequest request = new RewritingRequest("/");
    mesh.route(1, going().rewrite(Rewrite.builder().authority("b:1").build()).build());
    assertThat(mesh.call(request, attempt -> 200)).isEqualTo(200);
    assertThat(request.sentAuthority).isEqualTo("b:1");
    assertThat(request.sentPath).isNull();
  }

  @Test
  void aClientThatCannotRewriteIsRefused() throws Exception {
    LocalReply path =
        answer(
            going().rewrite(Rewrite.builder().path(path(null, "/b")).build()), FakeRequest.get());
    assertThat(path.status()).isEqualTo(503);
    assertThat(path.headerValue()).isEqualTo("ROUTE;r");
    assertThat(path.reason()).contains("the rewrite of route \"r\" cannot be carried out");
    LocalReply host =
        answer(going().rewrite(Rewrite.builder().authority("b").build()), FakeRequest.get());
    assertThat(host.status()).isEqualTo(503);
  }

  @Test
  void whatCannotBeARequestLineIsRefused() throws Exception {
    for (String value : Arrays.asList("b", "/ HTTP/1.1\r\nx: y", "/#", "/\u00fc")) {
      assertThat(sent(path(null, value), "/a")).as(value).isEqualTo("refused");
    }
  }

  @Test
  void aConnectionIsNeitherAnsweredNorRewritten() throws Exception {
    Route redirect = redirecting(Redirect.builder().authority("b")).build();
    Route rewrite = going().rewrite(Rewrite.builder().authority("b").build()).build();
    mesh.apply(1, service -> service.routes(Arrays.asList(redirect, rewrite)));
    RouteFilter filter = RouteFilter.ofConnections(mesh.random);
    OutboundExchange exchange =
        new OutboundExchange(
            mesh.target().service(), new ConnectionRequest("orders:80"), mesh.now());
    assertThat(filter.apply(exchange).proceeds()).isTrue();
    assertThat(exchange.destination()).isNotNull();
  }

  @Test
  void anExpressionBeyondMeasureIsRefusedWithTheSnapshot() {
    Rewrite rewrite =
        Rewrite.builder().path(path(StringMatch.regex("((a{100}){100}){100}"), "/")).build();
    assertThatThrownBy(() -> mesh.route(1, going().rewrite(rewrite).build()))
        .hasMessageContaining("the expression of a rewrite must not take more than");
  }

  /** A client that can do both. */
  private static final class RewritingRequest extends FakeRequest {
    @Nullable String sentPath;
    @Nullable String sentAuthority;

    RewritingRequest(String path) {
      super("GET", "orders", path);
    }

    @Override
    public boolean rewritePath(String pathAndQuery) {
      sentPath = pathAndQuery;
      return true;
    }

    @Override
    public boolean rewriteAuthority(String authority) {
      sentAuthority = authority;
      return true;
    }
  }
}
