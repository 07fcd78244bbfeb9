package dev.weft.instrumentation.apachehttpclient5;

import static org.assertj.core.api.Assertions.assertThat;

import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.client5.http.protocol.HttpClientContext;
import org.apache.hc.core5.util.Timeout;
import org.junit.jupiter.api.Test;

class PatienceTest {
  private final HttpClientContext context = HttpClientContext.create();

  private long millis(Timeout timeout) {
    context.setRequestConfig(RequestConfig.custom().setConnectionRequestTimeout(timeout).build());
    return Patience.millis(context);
  }

  @Test
  void isTheTimeForAConnectionOfThePool() {
    assertThat(millis(Timeout.ofSeconds(2))).isEqualTo(2_000);
    assertThat(millis(Timeout.DISABLED)).isZero();
  }

  @Test
  void isTheLibrarysDefaultWhereNothingIsConfigured() {
    assertThat(Patience.millis(context)).isEqualTo(180_000);
  }
}
