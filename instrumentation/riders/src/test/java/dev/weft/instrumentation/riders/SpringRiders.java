package dev.weft.instrumentation.riders;

import java.net.URI;
import org.jspecify.annotations.Nullable;
import org.springframework.http.HttpEntity;
import org.springframework.http.HttpMethod;
import org.springframework.http.ResponseEntity;
import org.springframework.http.client.ClientHttpRequestFactory;
import org.springframework.web.client.RestClient;
import org.springframework.web.client.RestTemplate;
import org.springframework.web.reactive.function.client.WebClient;

/** The clients of Spring, from 5 on. */
final class SpringRiders {
  private SpringRiders() {}

  static Rider restTemplate(ClientHttpRequestFactory factory) {
    RestTemplate template = new RestTemplate(factory);
    return (method, url, body) ->
        text(
            template.exchange(
                URI.create(url), HttpMethod.valueOf(method), new HttpEntity<>(body), String.class));
  }

  static Rider restClient(ClientHttpRequestFactory factory) {
    RestClient client = RestClient.builder().requestFactory(factory).build();
    return (method, url, body) -> {
      RestClient.RequestBodySpec request =
          client.method(HttpMethod.valueOf(method)).uri(URI.create(url));
      if (body != null) {
        request.body(body);
      }
      return text(request.retrieve().toEntity(String.class));
    };
  }

  static Rider webClient() {
    return webClient(WebClient.create());
  }

  static Rider webClient(WebClient client) {
    return (method, url, body) -> {
      WebClient.RequestBodySpec request =
          client.method(HttpMethod.valueOf(method)).uri(URI.create(url));
      if (body != null) {
        request.bodyValue(body);
      }
      return text(request.retrieve().toEntity(String.class).block());
    };
  }

  @SuppressWarnings("deprecation") // as 5 has it, too
  private static String text(ResponseEntity<@Nullable String> answer) {
    return answer.getStatusCodeValue() + " " + answer.getBody();
  }
}
