package dev.weft.instrumentation.riders;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Client;
import java.util.LinkedHashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.springframework.core.SpringVersion;
import org.springframework.http.client.HttpComponentsClientHttpRequestFactory;
import org.springframework.http.client.JdkClientHttpRequestFactory;
import org.springframework.http.client.OkHttp3ClientHttpRequestFactory;
import org.springframework.http.client.SimpleClientHttpRequestFactory;
import org.springframework.http.client.reactive.JdkClientHttpConnector;
import org.springframework.web.reactive.function.client.WebClient;

/** Those of today: Spring 6, Jersey 3, Retrofit and Feign. */
class RidersTest extends RidersContract {
  private static final String APACHE =
      "org.glassfish.jersey.apache.connector.ApacheConnectorProvider";

  @Test
  void areOfThisTime() {
    assertThat(SpringVersion.getVersion()).startsWith("6.");
  }

  @Override
  @SuppressWarnings("removal") // as long as Spring has it
  Map<String, Rider> newRiders() {
    Map<String, Rider> all = new LinkedHashMap<>();
    all.put("Retrofit on OkHttp", OkHttpRiders.retrofit(false));
    all.put("Retrofit on OkHttp, later", OkHttpRiders.retrofit(true));
    all.put("Feign on OkHttp", OkHttpRiders.feign());
    all.put("Feign on HttpURLConnection", OkHttpRiders.feign(new Client.Default(null, null)));
    all.put(
        "RestTemplate on HttpURLConnection",
        SpringRiders.restTemplate(new SimpleClientHttpRequestFactory()));
    all.put(
        "RestTemplate on Apache HttpClient 5",
        SpringRiders.restTemplate(new HttpComponentsClientHttpRequestFactory()));
    all.put(
        "RestTemplate on OkHttp", SpringRiders.restTemplate(new OkHttp3ClientHttpRequestFactory()));
    all.put(
        "RestClient on the JDK's client",
        SpringRiders.restClient(new JdkClientHttpRequestFactory()));
    all.put(
        "RestClient on Apache HttpClient 5",
        SpringRiders.restClient(new HttpComponentsClientHttpRequestFactory()));
    all.put("Jersey on HttpURLConnection", JerseyRider.onHttpUrlConnection());
    all.put("Jersey on Apache HttpClient 4", JerseyRider.on(APACHE));
    all.put("WebClient on Reactor Netty", SpringRiders.webClient());
    all.put(
        "WebClient on the JDK's client",
        SpringRiders.webClient(
            WebClient.builder().clientConnector(new JdkClientHttpConnector()).build()));
    return all;
  }
}
