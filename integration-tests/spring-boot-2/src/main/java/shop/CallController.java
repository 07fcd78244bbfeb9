package shop;

import org.springframework.boot.web.client.RestTemplateBuilder;
import org.springframework.http.client.ClientHttpResponse;
import org.springframework.web.bind.annotation.GetMapping;
import org.springframework.web.bind.annotation.RequestParam;
import org.springframework.web.bind.annotation.RestController;
import org.springframework.web.client.DefaultResponseErrorHandler;
import org.springframework.web.client.RestTemplate;

/** Calls other services with the RestTemplate that Spring Boot configures. */
@RestController
public class CallController {
  private final RestTemplate rest;

  /** Called by Spring. */
  public CallController(RestTemplateBuilder builder) {
    this.rest = builder.errorHandler(new NoError()).build();
  }

  /** What {@code http://orders} says, or another service. */
  @GetMapping("/call")
  public String call(
      @RequestParam(name = "service", defaultValue = "orders") String service,
      @RequestParam("path") String path) {
    String answer = rest.getForObject("http://" + service + path, String.class);
    return service + " said: " + answer;
  }

  /** Hands error pages of the called service on, like any other answer. */
  private static final class NoError extends DefaultResponseErrorHandler {
    @Override
    public boolean hasError(ClientHttpResponse response) {
      return false;
    }
  }
}
