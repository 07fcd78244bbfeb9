package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpHeaderNames;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.MediaType;
import com.linecorp.armeria.common.QueryParams;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.weft.controlserver.Json;
import java.io.IOException;
import java.net.InetAddress;
import org.jspecify.annotations.Nullable;

/**
 * One request with its caller; every accessor that finds the request wanting says so as an {@link
 * ApiError}.
 */
public final class Call {
  private final ServiceRequestContext context;
  private final AggregatedHttpRequest request;
  private final Caller caller;
  private @Nullable ObjectNode body;

  Call(ServiceRequestContext context, AggregatedHttpRequest request, Caller caller) {
    this.context = context;
    this.request = request;
    this.caller = caller;
  }

  ServiceRequestContext context() {
    return context;
  }

  Caller caller() {
    return caller;
  }

  String remote() {
    return remote(context);
  }

  static String remote(ServiceRequestContext context) {
    InetAddress address = context.remoteAddress().getAddress();
    return address == null ? "unknown" : address.getHostAddress();
  }

  @Nullable String bearer() {
    String value = request.headers().get(HttpHeaderNames.AUTHORIZATION);
    return bearer(value);
  }

  static @Nullable String bearer(@Nullable String authorization) {
    return authorization != null && authorization.regionMatches(true, 0, "Bearer ", 0, 7)
        ? authorization.substring(7).trim()
        : null;
  }

  boolean accepts(String type) {
    String accept = request.headers().get(HttpHeaderNames.ACCEPT);
    return accept != null && accept.contains(type);
  }

  String path(String name) throws ApiError {
    String value = context.pathParam(name);
    if (value == null || value.isEmpty()) {
      throw ApiError.badRequest("the path lacks its " + name);
    }
    return value;
  }

  String query(String name, String otherwise) {
    return QueryParams.fromQueryString(context.query() == null ? "" : context.query())
        .get(name, otherwise);
  }

  byte[] bytes() {
    return request.content().array();
  }

  /** The body as a JSON object. */
  ObjectNode body() throws ApiError {
    if (body == null) {
      try {
        if (!(Json.read(bytes()) instanceof ObjectNode object)) {
          throw ApiError.badRequest("the request body must be a JSON object");
        }
        body = object;
      } catch (IOException e) {
        throw ApiError.badRequest("the request body is not well-formed JSON");
      }
    }
    return body;
  }

  /** A text of the body that must be there. */
  String text(String field) throws ApiError {
    JsonNode value = body().get(field);
    if (value == null || !value.isTextual() || value.textValue().isEmpty()) {
      throw ApiError.badRequest("the request body lacks the text \"" + field + "\"");
    }
    return value.textValue();
  }

  String text(String field, String otherwise) throws ApiError {
    JsonNode value = body().get(field);
    return value == null || value.isNull() ? otherwise : text(field);
  }

  /** A flag of the body; false when it is not there. */
  boolean flag(String field) throws ApiError {
    JsonNode value = body().get(field);
    if (value == null || value.isNull()) {
      return false;
    }
    if (!value.isBoolean()) {
      throw ApiError.badRequest("\"" + field + "\" must be true or false");
    }
    return value.booleanValue();
  }

  long number(String field, long otherwise, long least, long most) throws ApiError {
    JsonNode value = body().get(field);
    if (value == null || value.isNull()) {
      return otherwise;
    }
    if (!value.isIntegralNumber() || !value.canConvertToLong()) {
      throw ApiError.badRequest("\"" + field + "\" must be a whole number");
    }
    if (value.longValue() < least || value.longValue() > most) {
      throw ApiError.badRequest("\"" + field + "\" must be " + least + " to " + most);
    }
    return value.longValue();
  }

  static HttpResponse json(JsonNode body) {
    return HttpResponse.of(HttpStatus.OK, MediaType.JSON, Json.bytes(body));
  }
}
