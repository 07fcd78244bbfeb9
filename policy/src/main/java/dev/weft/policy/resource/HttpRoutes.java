package dev.weft.policy.resource;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.GrpcStatuses;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Rewrite;
import dev.weft.policy.snapshot.Route;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Reads what a rule of a VirtualService does, all but its matches. */
final class HttpRoutes {
  private HttpRoutes() {}

  static Route route(SpecFields http) {
    return Route.builder()
        .name(http.text("name", ""))
        .backends(backends(http.objects("route", HttpRoutes::backend)))
        .headers(HeaderOperations.edits(http.object("headers")))
        .timeoutMillis(timeout(http, "timeout"))
        .retries(http.optionalObject("retries", HttpRoutes::retries))
        .fault(http.optionalObject("fault", HttpRoutes::fault))
        .mirrors(HttpMirrors.view(http))
        .rewrite(rewrite(http))
        .redirect(http.optionalObject("redirect", HttpAnswers::redirect))
        .directResponse(http.optionalObject("directResponse", HttpAnswers::directResponse))
        .cors(http.optionalObject("corsPolicy", CorsPolicies::policy))
        .build();
  }

  /** What says "none" is told from what says nothing, where the mesh's default holds. */
  static long timeout(SpecFields from, String field) {
    long millis = from.millis(field, 0);
    return millis == 0 && from.has(field) ? Route.NO_TIMEOUT : millis;
  }

  /** As in Istio, a Host header that the rule sets is a rewrite of the authority. */
  private static @Nullable Rewrite rewrite(SpecFields http) {
    Rewrite rewrite = http.optionalObject("rewrite", HttpRewrites::rewrite);
    String authority = HeaderOperations.authority(http.object("headers"));
    if (authority == null) {
      return rewrite;
    }
    Rewrite.Builder both = rewrite == null ? Rewrite.builder() : rewrite.toBuilder();
    return both.authority(authority).build();
  }

  static Backend backend(SpecFields route) {
    SpecFields destination = route.object("destination");
    return Backend.builder()
        .host(destination.text("host", ""))
        .subset(destination.optionalText("subset"))
        .port(destination.object("port").integer("number", 0))
        .weight(route.integer("weight", 0))
        .headers(HeaderOperations.edits(route.object("headers")))
        .build();
  }

  /** A single destination gets everything, whatever its weight says. */
  static List<Backend> backends(List<Backend> written) {
    return written.size() == 1
        ? new ArrayList<>(Collections.singletonList(written.get(0).toBuilder().weight(100).build()))
        : written;
  }

  static RetryPolicy retries(SpecFields retries) {
    RetryPolicy defaults = RetryPolicy.defaults();
    RetryPolicy.Builder policy =
        defaults.toBuilder()
            .attempts(retries.integer("attempts", 0))
            .perTryTimeoutMillis(retries.millis("perTryTimeout", 0))
            .backoffMillis(retries.millis("backoff", defaults.backoffMillis))
            .ignorePreviousHosts(retries.flag("retryIgnorePreviousHosts", true))
            .remoteLocalities(retries.flag("retryRemoteLocalities", false));
    String retryOn = retries.text("retryOn", "");
    if (!retryOn.isEmpty()) {
      policy
          .retryOn(RetryConditions.words(retryOn))
          .retriableStatusCodes(RetryConditions.statusCodes(retryOn));
    }
    return policy.build();
  }

  private static Fault fault(SpecFields fault) {
    SpecFields delay = fault.object("delay");
    SpecFields abort = fault.object("abort");
    return Fault.builder()
        .delayMillis(delay.millis("fixedDelay", 0))
        .delayPercent(percent(delay))
        .abortStatus(abort.integer("httpStatus", 0))
        .abortGrpcStatus(GrpcStatuses.code(abort.text("grpcStatus", "")))
        .abortPercent(percent(abort))
        .build();
  }

  /** Istio: where no percentage is given, no request is hit. */
  private static double percent(SpecFields fault) {
    return fault.has("percentage")
        ? fault.object("percentage").number("value", 0)
        : fault.number("percent", 0);
  }
}
