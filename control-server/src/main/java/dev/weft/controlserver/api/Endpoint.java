package dev.weft.controlserver.api;

import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;

/**
 * One row of the API: where, who may, what happens.
 *
 * @param path Armeria's path pattern, with {@code {name}} for parameters
 */
public record Endpoint(HttpMethod method, String path, Role role, Handler handler) {
  /** Answers one request on a thread that may block. */
  @FunctionalInterface
  public interface Handler {
    HttpResponse handle(Call call) throws Exception;
  }
}
