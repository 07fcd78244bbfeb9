package dev.weft.policy.cel;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.catchThrowableOfType;

import java.time.Duration;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class CelExpressionTest {
  /** A slow POST that failed; it has one header, and nobody decided about it. */
  private static Object value(CelFact fact, String key) {
    switch (fact) {
      case REQUEST_PATH:
        return "/orders/7?q=a";
      case REQUEST_METHOD:
        return "POST";
      case REQUEST_DURATION:
        return Duration.ofMillis(700);
      case RESPONSE_CODE:
        return 503L;
      case CONNECTION_MTLS:
        return true;
      case REQUEST_HEADERS:
        return key.equals("x-tenant") ? "a'b" : null;
      default:
        return null;
    }
  }

  private static boolean holds(String text) throws CelException {
    return CelExpression.parse(text).holds(CelExpressionTest::value);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "true",
        "response.code >= 500",
        "response.code>=500 && request.method == 'POST'",
        "response.code == 503.0",
        "response.code in [500, 502, 503]",
        "!(request.method in ['GET', \"HEAD\"])",
        "request.path.startsWith('/orders/')",
        "request.path.endsWith(\"a\") && request.path.contains('/7')",
        "request.path.matches('^/orders/[0-9]+')",
        "request.duration > duration('500ms')",
        "connection.mtls",
        "connection.mtls == true",
        "request.headers['X-Tenant'] == 'a\\'b'",
        "request.method != 'GET' || response.code < 100",
        // Decided by one side, whatever the other has no value for.
        "request.headers['no'] == 'x' || response.code > 1",
        "!(request.headers['no'] == 'x' && response.code < 1)",
        "'a' < 'b'",
        "( ( true ) )",
      })
  void isTrue(String text) throws CelException {
    assertThat(holds(text)).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "false",
        "response.code < 500",
        "!true",
        // Without a value it is not true, and neither is its opposite.
        "request.headers['no'] == 'x'",
        "!(request.headers['no'] == 'x')",
        "request.headers['no'] != 'x'",
        "response.code > 'a'",
        "response.code",
        "request.path.matches('^orders')",
        "response.code_details == 'x'",
        "-1 > 0",
      })
  void isNotTrue(String text) throws CelException {
    assertThat(holds(text)).isFalse();
  }

  @ParameterizedTest
  @CsvSource({
    "request.method, POST",
    "response.code, 503",
    "'''some text''', some text",
    "response.code >= 500, true",
    "request.headers['no'],",
  })
  void hasAText(String text, String expected) throws CelException {
    assertThat(CelExpression.parse(text).text(CelExpressionTest::value)).isEqualTo(expected);
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        "response.code >=",
        "(true",
        "'open",
        "response.code ==",
        "response.code = 1",
        "&& true",
        "1.2.3 > 1",
        "request.headers[",
        "duration('x') > duration('1s')",
        "request.path.matches('(')",
        "true true",
      })
  void isNoExpression(String text) {
    CelException e = catchThrowableOfType(CelException.class, () -> CelExpression.parse(text));
    assertThat(e).as(text).isNotNull();
    assertThat(e.isWrong()).as(e.getMessage()).isTrue();
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "some-cel-expression",
        "filter_state['wasm.x']",
        "filter_state.upstream_peer.labels['a']",
        "request.size > 10",
        "has(request.headers.x)",
        "size(request.path) > 1",
        "response.code + 1 > 3",
        "true ? 'a' : 'b'",
        "request.path.lowerAscii() == 'x'",
        "'x' in request.headers",
        "request.path[0] == 'x'",
      })
  void isBeyondTheSubset(String text) {
    CelException e = catchThrowableOfType(CelException.class, () -> CelExpression.parse(text));
    assertThat(e).as(text).isNotNull();
    assertThat(e.isWrong()).as(e.getMessage()).isFalse();
  }

  @ParameterizedTest
  @CsvSource({"(, ), 60", "!, '', 4000"})
  void takesNoTextForLong(String open, String close, int times) {
    StringBuilder text = new StringBuilder("true");
    for (int i = 0; i < times; i++) {
      text.insert(0, open).append(close);
    }
    CelException e =
        catchThrowableOfType(CelException.class, () -> CelExpression.parse(text.toString()));
    assertThat(e).isNotNull();
    assertThat(e.isWrong()).isTrue();
  }
}
