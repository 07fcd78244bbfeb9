package dev.weft.instrumentation.asynchttpclient;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.instrumentation.testing.TestInstance;
import dev.weft.instrumentation.testing.TestInstance.Reply;
import dev.weft.instrumentation.testing.WovenClientTest;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.atomic.AtomicInteger;
import org.asynchttpclient.AsyncHttpClient;
import org.asynchttpclient.Dsl;
import org.asynchttpclient.Realm.AuthScheme;
import org.asynchttpclient.filter.FilterContext;
import org.asynchttpclient.filter.IOExceptionFilter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** What {@code support.yaml} says of this client beyond the contract. */
@Timeout(30)
class AsyncHttpClientLimitsTest extends WovenClientTest {

  AsyncHttpClientLimitsTest() {
    super(new AsyncHttpClientModule());
  }

  @Test
  void filterOfTheApplicationDoesNotRepeat() throws Exception {
    AtomicInteger asked = new AtomicInteger();
    IOExceptionFilter again =
        new IOExceptionFilter() {
          @Override
          public <T> FilterContext<T> filter(FilterContext<T> failed) {
            asked.incrementAndGet();
            return new FilterContext.FilterContextBuilder<>(failed).replayRequest(true).build();
          }
        };
    orders.answering(r -> Reply.reset());
    try (AsyncHttpClient client = Dsl.asyncHttpClient(Dsl.config().addIOExceptionFilter(again))) {
      assertThatThrownBy(() -> client.preparePost("http://orders/").setBody("x").execute().get())
          .isInstanceOf(ExecutionException.class);
    }
    assertThat(orders.requests()).hasSize(1);
    assertThat(asked).hasValue(0);
  }

  @Test
  void authenticationOfAConnectionMayGoToAnotherInstance() throws Exception {
    TestInstance other = secured("orders");
    mesh.clear().service("orders", orders, other).apply();
    for (TestInstance each : List.of(orders, other)) {
      each.answering(
          r ->
              r.header("Authorization") == null
                  ? Reply.of(401, "").with("WWW-Authenticate", "NTLM")
                  : Reply.of(200, ""));
    }
    try (other;
        AsyncHttpClient client = Dsl.asyncHttpClient()) {
      boolean parted = false;
      for (int i = 0; i < 100 && !parted; i++) {
        int before = orders.requests().size();
        client
            .prepareGet("http://orders/")
            .setRealm(Dsl.realm(AuthScheme.NTLM, "user", "password").setNtlmDomain("domain"))
            .execute()
            .get();
        parted = orders.requests().size() == before + 1;
      }
      assertThat(parted).as("two hops of a call at two instances").isTrue();
    }
  }
}
