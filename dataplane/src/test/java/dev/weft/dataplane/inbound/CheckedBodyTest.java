package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.http.AgentResponse;
import dev.weft.dataplane.http.HttpHead;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.JwtRule;
import dev.weft.policy.snapshot.Rule;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.net.SocketTimeoutException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What an authorizer is shown of a body, and what becomes of one that it cannot be shown. */
class CheckedBodyTest {
  private final List<String> asked = new ArrayList<>();
  private final List<String> counted = new ArrayList<>();
  private String status = "200 OK";
  private long now;
  private final InboundDriver driver =
      InboundDriver.of(
          new InboundObserver() {
            @Override
            public void checked(String provider, CheckOutcome outcome) {
              counted.add(provider + " " + outcome.label());
            }
          },
          (host, port, request, nanos) -> {
            asked.add(new String(request.message(false), StandardCharsets.ISO_8859_1));
            byte[] head = ("HTTP/1.1 " + status + "\r\n\r\n").getBytes(StandardCharsets.ISO_8859_1);
            return new AgentResponse(
                HttpHead.read(new ByteArrayInputStream(head), 10_000), new byte[0]);
          },
          true,
          () -> now);

  private static ExternalAuthorizer.Builder authz(String name, int bytes, boolean partial) {
    return ExternalAuthorizer.builder()
        .name(name)
        .host("authz.shop")
        .port(8000)
        .maxRequestBytes(bytes)
        .allowPartialMessage(partial)
        .failOpen(true)
        .statusOnError(503);
  }

  private void inForce(ExternalAuthorizer.Builder... providers) {
    inForce(Collections.emptyList(), providers);
  }

  private void inForce(List<JwtRule> tokens, ExternalAuthorizer.Builder... providers) {
    List<AuthorizationPolicy> policies = new ArrayList<>();
    List<ExternalAuthorizer> authorizers = new ArrayList<>();
    for (ExternalAuthorizer.Builder provider : providers) {
      ExternalAuthorizer authorizer = provider.build();
      authorizers.add(authorizer);
      policies.add(
          AuthorizationPolicy.builder()
              .name(authorizer.name)
              .namespace("shop")
              .action(AuthorizationPolicy.Action.CUSTOM)
              .provider(authorizer.name)
              .rules(Collections.singletonList(Rule.builder().build()))
              .build());
    }
    driver.update(
        InboundPolicy.builder()
            .authorization(policies)
            .authorizers(authorizers)
            .jwtRules(tokens)
            .build());
  }

  private static FakeRequest request() {
    return FakeRequest.get("/orders").method("POST").header("host", "orders");
  }

  private static FakeRequest sending(String body) {
    return request().body(body.getBytes(StandardCharsets.ISO_8859_1), null);
  }

  private InboundExchange ask(FakeRequest request) {
    InboundExchange exchange = driver.begin(request);
    exchange.ask();
    return exchange;
  }

  private LocalReply refusal(FakeRequest request) {
    LocalReply reply = ask(request).rejection();
    assertThat(reply).isNotNull();
    return reply;
  }

  @Test
  void aBodyThatFitsIsShownWhole() {
    inForce(authz("a", 4, false));
    for (String body : new String[] {"", "abc", "abcd", "\0\r\n\u00ff"}) {
      asked.clear();
      assertThat(ask(sending(body)).permitted()).isTrue();
      assertThat(asked.get(0))
          .contains("x-envoy-auth-partial-body: false\r\n")
          .endsWith("Content-Length: " + body.length() + "\r\n\r\n" + body);
    }
  }

  @Test
  void aLargerOneIsRefusedBeforeAnybodyIsAskedAlsoWherePolicyFailsOpen() {
    inForce(authz("a", 4, false));
    LocalReply reply = refusal(sending("abcde"));
    assertThat(reply.status()).isEqualTo(413);
    assertThat(reply.headerValue()).isEqualTo("CHECK;shop/a");
    assertThat(reply.body()).contains("more than the 4 bytes");
    assertThat(asked).isEmpty();
    assertThat(counted).isEmpty();
  }

  @Test
  void orShownInPartWherePolicySaysSo() {
    inForce(authz("a", 4, true));
    assertThat(ask(sending("abcdef")).permitted()).isTrue();
    assertThat(asked.get(0))
        .contains("x-envoy-auth-partial-body: true\r\n")
        .endsWith("Content-Length: 4\r\n\r\nabcd");
    status = "401 No";
    assertThat(refusal(sending("abcd")).status()).isEqualTo(401);
    assertThat(asked.get(1)).contains("x-envoy-auth-partial-body: false\r\n");
  }

  @Test
  void whetherItIsWholeIsNotTheCallersToSay() {
    inForce(
        authz("a", 4, true)
            .includeRequestHeadersInCheck(Collections.singletonList("x-*"))
            .includeAdditionalHeadersInCheck(
                Collections.singletonMap("X-Envoy-Auth-Partial-Body", "set")));
    ask(sending("abcdef").header("x-envoy-auth-partial-body", "false"));
    assertThat(asked.get(0))
        .containsOnlyOnce("artial-")
        .contains("x-envoy-auth-partial-body: true");
  }

  @Test
  void whatDoesNotComeOrBreaksOffIsRefusedAlsoWherePolicyFailsOpen() {
    inForce(authz("a", 4, true));
    byte[] some = {'a', 'b'};
    for (IOException failure :
        new IOException[] {new IOException("reset"), new SocketTimeoutException("slow")}) {
      LocalReply reply = refusal(request().body(some, failure));
      assertThat(reply.status()).isEqualTo(503);
      assertThat(reply.headerValue()).isEqualTo("CHECK;shop/a");
      assertThat(reply.body()).contains("cannot show the body");
    }
    assertThat(counted).containsExactly("a failed", "a timeout");
    assertThat(asked).isEmpty();
  }

  @Test
  void whatIsBeyondWhatIsShownNeedNotCome() {
    inForce(authz("a", 2, true));
    assertThat(
            ask(request().body("abc".getBytes(StandardCharsets.UTF_8), new IOException("reset")))
                .permitted())
        .isTrue();
    assertThat(asked.get(0)).endsWith("\r\n\r\nab");
  }

  @Test
  void aServerThatCannotReadAheadRefusesAlsoWherePolicyFailsOpen() {
    inForce(authz("a", 4, true));
    assertThat(refusal(request()).status()).isEqualTo(503);
    assertThat(asked).isEmpty();
    inForce(authz("a", 0, true));
    assertThat(ask(request()).permitted()).as("no body is asked for").isTrue();
    assertThat(asked.get(0)).doesNotContain("partial").contains("Content-Length: 0\r\n");
  }

  @Test
  void eachOfSeveralIsShownWhatItsOwnProviderSays() {
    inForce(authz("a", 2, true), authz("b", 4, true), authz("c", 0, false));
    assertThat(ask(sending("abcd")).permitted()).isTrue();
    assertThat(asked).hasSize(3);
    assertThat(asked.get(0)).endsWith("\r\n\r\nab");
    assertThat(asked.get(1)).endsWith("\r\n\r\nabcd");
    assertThat(asked.get(2)).endsWith("\r\n\r\n");
  }

  @Test
  void aRequestWithATokenIsReadAheadLikeAnyOther() {
    inForce(Collections.singletonList(JwtRule.builder().issuer("i").build()), authz("a", 4, false));
    assertThat(ask(sending("abcd")).permitted()).isTrue();
    assertThat(asked.get(0)).endsWith("\r\n\r\nabcd");
  }

  @Test
  void theBodyHasAMinuteToComeOrAsLongAsTheCallerWaits() {
    inForce(authz("a", 4, false).timeoutMillis(250));
    FakeRequest patient = sending("abcd");
    ask(patient);
    assertThat(patient.bodyNanos).isEqualTo(60_000_000_000L);
    FakeRequest hurried = sending("abcd").header(RequestContext.DEADLINE_HEADER, "100");
    ask(hurried);
    assertThat(hurried.bodyNanos).isEqualTo(100_000_000);
    InboundExchange late =
        driver.begin(sending("abcd").header(RequestContext.DEADLINE_HEADER, "100"));
    now += 100_000_000;
    late.ask();
    assertThat(late.rejection().status()).isEqualTo(503);
    assertThat(counted).containsExactly("a allowed", "a allowed", "a timeout");
  }

  @Test
  void anExplanationSaysHowMuchIsShown() {
    for (boolean partial : new boolean[] {false, true}) {
      InboundPolicy policy =
          InboundPolicy.builder()
              .authorization(
                  Collections.singletonList(
                      AuthorizationPolicy.builder()
                          .name("p")
                          .namespace("shop")
                          .action(AuthorizationPolicy.Action.CUSTOM)
                          .provider("a")
                          .rules(Arrays.asList(Rule.builder().build()))
                          .build()))
              .authorizers(Collections.singletonList(authz("a", 4, partial).build()))
              .build();
      assertThat(InboundDriver.explain(policy, request()).toString())
          .contains(
              partial ? "shown the first 4 bytes of bodies" : "shown bodies of up to 4 bytes");
    }
  }
}
