package dev.weft.policy.resource;

import dev.weft.policy.snapshot.Backend;
import dev.weft.policy.snapshot.Fault;
import dev.weft.policy.snapshot.RetryPolicy;
import dev.weft.policy.snapshot.Route;
import dev.weft.policy.snapshot.RouteMatch;
import dev.weft.policy.snapshot.StringMatch;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** What a VirtualService says. Immutable. */
public final class VirtualServiceSpec {
  /** Hosts as written: short names, full names and {@code *.suffix}. */
  public final List<String> hosts;

  /**
   * Routes in order, complete but for one thing: the hosts of their backends are as written, to be
   * resolved with {@link HostNames#inFull}.
   */
  public final List<Route> routes;

  private VirtualServiceSpec(List<String> hosts, List<Route> routes) {
    this.hosts = Collections.unmodifiableList(hosts);
    this.routes = Collections.unmodifiableList(routes);
  }

  static VirtualServiceSpec of(SpecFields spec) {
    return new VirtualServiceSpec(
        spec.texts("hosts"), spec.objects("http", VirtualServiceSpec::route));
  }

  private static Route route(SpecFields http) {
    return Route.builder()
        .name(http.text("name", ""))
        .matches(http.objects("match", VirtualServiceSpec::match))
        .backends(backends(http.objects("route", VirtualServiceSpec::backend)))
        .headers(HeaderOperations.edits(http.object("headers")))
        .timeoutMillis(http.millis("timeout", 0))
        .retries(http.optionalObject("retries", VirtualServiceSpec::retries))
        .fault(http.optionalObject("fault", VirtualServiceSpec::fault))
        .build();
  }

  private static RouteMatch match(SpecFields match) {
    return RouteMatch.builder()
        .uri(match.optionalObject("uri", StringMatches::match))
        .ignoreUriCase(match.flag("ignoreUriCase", false))
        .method(match.optionalObject("method", StringMatches::match))
        .authority(lowerCase(match.optionalObject("authority", StringMatches::match)))
        .scheme(lowerCase(match.optionalObject("scheme", StringMatches::match)))
        .headers(headers(match.objectMap("headers", StringMatches::match)))
        .withoutHeaders(headers(match.objectMap("withoutHeaders", StringMatches::match)))
        .queryParams(match.objectMap("queryParams", StringMatches::match))
        .port(match.integer("port", 0))
        .build();
  }

  private static @Nullable StringMatch lowerCase(@Nullable StringMatch match) {
    return match == null || match.kind == StringMatch.Kind.REGEX
        ? match
        : match.toBuilder().value(match.value.toLowerCase(Locale.ROOT)).build();
  }

  private static Map<String, StringMatch> headers(Map<String, StringMatch> written) {
    Map<String, StringMatch> lower = new LinkedHashMap<>();
    for (Map.Entry<String, StringMatch> entry : written.entrySet()) {
      lower.put(entry.getKey().toLowerCase(Locale.ROOT), entry.getValue());
    }
    return lower;
  }

  private static Backend backend(SpecFields route) {
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
  private static List<Backend> backends(List<Backend> written) {
    return written.size() == 1
        ? new ArrayList<>(Collections.singletonList(written.get(0).toBuilder().weight(100).build()))
        : written;
  }

  private static RetryPolicy retries(SpecFields retries) {
    RetryPolicy defaults = RetryPolicy.defaults();
    RetryPolicy.Builder policy =
        defaults.toBuilder()
            .attempts(retries.integer("attempts", 0))
            .perTryTimeoutMillis(retries.millis("perTryTimeout", 0))
            .backoffMillis(retries.millis("backoff", defaults.backoffMillis))
            .ignorePreviousHosts(retries.flag("retryIgnorePreviousHosts", true));
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
