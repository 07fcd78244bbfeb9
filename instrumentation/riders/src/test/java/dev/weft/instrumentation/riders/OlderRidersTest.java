package dev.weft.instrumentation.riders;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.SpringVersion;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.OkHttp3ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;

/** Those of Java 8: Spring 5 and Jersey 2. */
class OlderRidersTest extends RidersContract {
  private static final String APACHE =
      "org.glassfish.jersey.apache.connector.ApacheConnectorProvider";

  @Test
  void areOfThisTime() {
    assertThat(SpringVersion.getVersion()).startsWith("5.");
  }

  @Override
  @SuppressWarnings("removal") // 5 does not know that it will go
  Map<String, Rider> newRiders() {
    Map<String, Rider> all = new LinkedHashMap<>();
    all.put(
        "RestTemplate on HttpURLConnection",
        SpringRiders.restTemplate(new SimpleClientHttpRequestFactory()));
    all.put(
        "RestTemplate on Apache HttpClient 4",
        SpringRiders.restTemplate(new HttpComponentsClientHttpRequestFactory()));
    all.put(
        "RestTemplate on OkHttp", SpringRiders.restTemplate(new OkHttp3ClientHttpRequestFactory()));
    all.put("Jersey on HttpURLConnection", OlderJerseyRider.onHttpUrlConnection());
    all.put("Jersey on Apache HttpClient 4", OlderJerseyRider.on(APACHE));
    all.put("WebClient on Reactor Netty", SpringRiders.webClient());
    return all;
  }
}
