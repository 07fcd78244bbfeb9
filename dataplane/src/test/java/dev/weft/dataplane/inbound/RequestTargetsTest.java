package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class RequestTargetsTest {
  @ParameterizedTest
  @CsvSource({
    "/a/b?c=d, /a/b?c=d",
    "*, *",
    "host:80, host:80",
    "'', ''",
    "//host/a, //host/a",
    "a//b, a//b",
    "/go?to=http://x/y, /go?to=http://x/y",
    "http://host, /",
    "http://host:80/, /",
    "http://host/a//b?c=/d, /a//b?c=/d",
    "http://host?c=/d, /?c=/d",
    "http://host#/a, /#/a",
    "HTTPS://u@[::1]:80/a, /a",
    "://host/a, ://host/a",
  })
  void pathAndQuery(String target, String expected) {
    assertThat(RequestTargets.pathAndQuery(target)).isEqualTo(expected);
  }
}
