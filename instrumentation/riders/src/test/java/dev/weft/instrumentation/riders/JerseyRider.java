package dev.weft.instrumentation.riders;

import jakarta.ws.rs.client.Client;
import jakarta.ws.rs.client.ClientBuilder;
import jakarta.ws.rs.client.Entity;
import jakarta.ws.rs.client.Invocation;
import jakarta.ws.rs.core.Response;
import org.jspecify.annotations.Nullable;

/** The client of Jersey, which throws for no status. */
final class JerseyRider implements Rider {
  private final Client client;

  private JerseyRider(ClientBuilder builder) {
    this.client = builder.build();
  }

  static JerseyRider onHttpUrlConnection() {
    return new JerseyRider(ClientBuilder.newBuilder());
  }

  /** On the client whose provider of connectors is named. */
  static JerseyRider on(String provider) {
    return new JerseyRider(
        ClientBuilder.newBuilder().property("jersey.config.client.connector.provider", provider));
  }

  @Override
  public String call(String method, String url, @Nullable String body) {
    Invocation.Builder request = client.target(url).request();
    Response answer =
        body == null ? request.method(method) : request.method(method, Entity.text(body));
    try {
      return answer.getStatus() + " " + answer.readEntity(String.class);
    } finally {
      answer.close();
    }
  }
}
