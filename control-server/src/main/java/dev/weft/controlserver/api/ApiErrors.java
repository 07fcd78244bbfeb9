package dev.weft.controlserver.api;

import com.linecorp.armeria.common.AggregatedHttpResponse;
import com.linecorp.armeria.common.ContentTooLargeException;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.common.RequestHeaders;
import com.linecorp.armeria.common.util.Exceptions;
import com.linecorp.armeria.server.RequestTimeoutException;
import com.linecorp.armeria.server.ServerErrorHandler;
import com.linecorp.armeria.server.ServiceConfig;
import com.linecorp.armeria.server.ServiceRequestContext;
import org.jspecify.annotations.Nullable;

/**
 * Gives what the HTTP layer itself refuses (no such path, too large, too late) the same form as the
 * rest of the API.
 */
final class ApiErrors implements ServerErrorHandler {
  @Override
  public @Nullable HttpResponse onServiceException(ServiceRequestContext context, Throwable cause) {
    Throwable peeled = Exceptions.peel(cause);
    if (peeled instanceof ContentTooLargeException) {
      return ApiError.tooLarge().response();
    }
    if (peeled instanceof RequestTimeoutException) {
      return ApiError.of(
              HttpStatus.REQUEST_TIMEOUT,
              "timeout",
              "the request took too long to arrive or to answer")
          .response();
    }
    return null;
  }

  @Override
  public @Nullable AggregatedHttpResponse renderStatus(
      @Nullable ServiceRequestContext context,
      ServiceConfig config,
      @Nullable RequestHeaders headers,
      HttpStatus status,
      @Nullable String description,
      @Nullable Throwable cause) {
    if (status.equals(HttpStatus.REQUEST_ENTITY_TOO_LARGE)) {
      ApiError error = ApiError.tooLarge();
      return AggregatedHttpResponse.of(error.headers(), error.body());
    }
    String message =
        switch (status.code()) {
          case 404 -> "there is no such path";
          case 405 -> "this path does not have that method";
          default -> description == null ? status.reasonPhrase() : description;
        };
    String code = status.reasonPhrase().toLowerCase(java.util.Locale.ROOT).replace(' ', '-');
    ApiError error = ApiError.of(status, code, message);
    return AggregatedHttpResponse.of(error.headers(), error.body());
  }
}
