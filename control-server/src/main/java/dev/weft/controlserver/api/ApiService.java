package dev.weft.controlserver.api;

import com.linecorp.armeria.common.AggregatedHttpRequest;
import com.linecorp.armeria.common.HttpRequest;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import com.linecorp.armeria.server.HttpService;
import com.linecorp.armeria.server.ServiceRequestContext;
import dev.weft.controlserver.identity.Denied;
import dev.weft.controlserver.identity.FailureLimit;
import dev.weft.controlserver.store.StoreException;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Puts the role check in front of one endpoint, and turns every outcome into a response. */
final class ApiService implements HttpService {
  private static final Logger log = LoggerFactory.getLogger(ApiService.class);

  private final Endpoint endpoint;
  private final CallerCheck check;
  private final AuditLog audit;
  private final FailureLimit logged;
  private final ConnectionGuard guard;

  ApiService(
      Endpoint endpoint,
      CallerCheck check,
      AuditLog audit,
      FailureLimit logged,
      ConnectionGuard guard) {
    this.endpoint = endpoint;
    this.check = check;
    this.audit = audit;
    this.logged = logged;
    this.guard = guard;
  }

  Endpoint endpoint() {
    return endpoint;
  }

  @Override
  public HttpResponse serve(ServiceRequestContext context, HttpRequest request) {
    guard.begin(context);
    Caller caller;
    try {
      caller = check.require(endpoint.role(), context, request);
    } catch (ApiError refused) {
      if (logged.record(Call.remote(context))) {
        audit.record(
            "refused", "anonymous", Call.remote(context), refused.code(), "path", endpoint.path());
      }
      return refused.response();
    }
    if (endpoint.role() == Role.OPERATOR || endpoint.role() == Role.AGENT) {
      guard.prove(context);
    }
    return HttpResponse.of(
        request
            .aggregate()
            .thenApplyAsync(
                aggregated -> answer(context, aggregated, caller), context.blockingTaskExecutor()));
  }

  private HttpResponse answer(
      ServiceRequestContext context, AggregatedHttpRequest request, Caller caller) {
    try {
      if (request.content().length() > ApiServer.MAX_BODY_BYTES) {
        throw ApiError.tooLarge();
      }
      return endpoint.handler().handle(new Call(context, request, caller));
    } catch (ApiError error) {
      return error.response();
    } catch (Denied denied) {
      return error(denied).response();
    } catch (StoreException e) {
      log.error("{}", e.getMessage());
      return ApiError.of(
              HttpStatus.SERVICE_UNAVAILABLE, "not-durable", String.valueOf(e.getMessage()))
          .response();
    } catch (Exception e) {
      log.error("{} {} failed", endpoint.method(), endpoint.path(), e);
      return ApiError.of(
              HttpStatus.INTERNAL_SERVER_ERROR,
              "internal",
              "the control server failed to answer this request; its log says why")
          .response();
    }
  }

  static ApiError error(Denied denied) {
    return ApiError.of(
        denied.authenticated() ? HttpStatus.FORBIDDEN : HttpStatus.UNAUTHORIZED,
        denied.authenticated() ? "forbidden" : "token-refused",
        String.valueOf(denied.getMessage()));
  }
}
