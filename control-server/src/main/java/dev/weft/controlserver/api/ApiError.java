package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpData;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.ResponseHeaders;
import dev.weft.controlserver.Json;
import org.jspecify.annotations.Nullable;

/**
 * A refusal as the client sees it: {@code {"error":{"code","message","details"}}}. The message says
 * what was wrong, where, and what to do.
 */
public final class ApiError extends Exception {
  private static final long serialVersionUID = 1L;

  private final transient HttpStatus status;
  private final String code;
  private final transient @Nullable ArrayNode details;

  private ApiError(HttpStatus status, String code, String message, @Nullable ArrayNode details) {
    super(message, null, false, false);
    this.status = status;
    this.code = code;
    this.details = details;
  }

  static ApiError of(HttpStatus status, String code, String message) {
    return new ApiError(status, code, message, null);
  }

  static ApiError badRequest(String message) {
    return of(HttpStatus.BAD_REQUEST, "bad-request", message);
  }

  static ApiError notFound(String message) {
    return of(HttpStatus.NOT_FOUND, "not-found", message);
  }

  static ApiError conflict(String message) {
    return of(HttpStatus.CONFLICT, "conflict", message);
  }

  static ApiError unprocessable(String message, ArrayNode details) {
    return new ApiError(HttpStatus.UNPROCESSABLE_ENTITY, "invalid", message, details);
  }

  static ApiError tooLarge() {
    return of(
        HttpStatus.REQUEST_ENTITY_TOO_LARGE,
        "too-large",
        "the request body is larger than " + ApiServer.MAX_BODY_BYTES + " bytes");
  }

  String code() {
    return code;
  }

  HttpResponse response() {
    return HttpResponse.of(headers(), body());
  }

  ResponseHeaders headers() {
    return ResponseHeaders.of(status, "content-type", MediaType.JSON.toString());
  }

  HttpData body() {
    ObjectNode body = Json.object();
    ObjectNode error = body.putObject("error");
    error.put("code", code);
    error.put("message", String.valueOf(getMessage()));
    error.set("details", details == null ? Json.array() : details);
    return HttpData.wrap(Json.bytes(body));
  }
}
