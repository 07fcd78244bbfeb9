package dev.weft.dataplane.telemetry;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/**
 * What telemetry knows about one logical request, outbound or inbound: the facts from which the
 * span, the metrics and the access log line are made. Facts are added while the request goes on, by
 * one thread at a time; once concluded it is read by the exporting threads and changes no more.
 * Holds text and numbers only, never an object of the application.
 */
public final class Exchange implements LogLine {

  /** Which side of the request this process is. */
  public enum Direction {
    OUTBOUND,
    INBOUND
  }

  /** An attempt that was followed by another. */
  static final class Retry {
    final long epochNanos;
    final int attempt;
    final String reason;
    final @Nullable String endpoint;

    Retry(long epochNanos, int attempt, String reason, @Nullable String endpoint) {
      this.epochNanos = epochNanos;
      this.attempt = attempt;
      this.reason = reason;
      this.endpoint = endpoint;
    }
  }

  private static final int MAX_RETRIES_KEPT = 16;

  final Direction direction;
  final String method;
  final String scheme;
  final String authority;
  final String path;
  final String service;
  final ServiceMeter meter;
  final long startNanos;
  final long startEpochNanos;
  final @Nullable TraceContext context;
  final @Nullable TraceContext parent;
  final boolean recorded;

  String route = "-";
  @Nullable String endpointAddress;
  int endpointPort;
  @Nullable String peer;
  @Nullable String protocol;
  int attempts;
  int status;
  String flag = "-";
  @Nullable String detail;
  @Nullable String audit;
  @Nullable String errorType;
  long durationNanos = -1;
  private @Nullable List<Retry> retries;
  private ForeignSpans.@Nullable Span span;
  private ForeignSpans.@Nullable Span around;

  private final Telemetry telemetry;

  /** What policy says of it; null when it says nothing. */
  final @Nullable SideRules rules;

  private @Nullable String @Nullable [] headers;

  Exchange(
      Telemetry telemetry,
      Direction direction,
      String method,
      String scheme,
      String authority,
      String path,
      String service,
      ServiceMeter meter,
      long startNanos,
      long startEpochNanos,
      @Nullable TraceContext parent,
      @Nullable TraceContext context,
      boolean recorded,
      @Nullable SideRules rules) {
    this.telemetry = telemetry;
    this.direction = direction;
    this.method = method;
    this.scheme = scheme;
    this.authority = authority;
    this.path = path;
    this.service = service;
    this.meter = meter;
    this.startNanos = startNanos;
    this.startEpochNanos = startEpochNanos;
    this.parent = parent;
    this.context = context;
    this.recorded = recorded;
    this.rules = rules;
  }

  /** Whether policy asks for headers of the request. */
  public boolean wantsHeaders() {
    return rules != null && rules.headers().length > 0;
  }

  /**
   * Takes the headers of the request that policy asks for.
   *
   * @param first the first value of a header by its name, or null
   */
  public void headers(Function<String, @Nullable String> first) {
    String[] wanted = rules == null ? new String[0] : rules.headers();
    @Nullable String[] taken = new String[wanted.length];
    for (int i = 0; i < wanted.length; i++) {
      taken[i] = first.apply(wanted[i]);
    }
    headers = taken;
  }

  @Nullable String header(int which) {
    return headers == null ? null : headers[which];
  }

  @Nullable String header(String name) {
    if (rules != null) {
      for (int i = 0; i < rules.headers().length; i++) {
        if (rules.headers()[i].equals(name)) {
          return header(i);
        }
      }
    }
    return null;
  }

  /** Whether calls carry {@link #context}. */
  public boolean propagates() {
    return rules == null || rules.propagates();
  }

  /** The position of this request in its trace; null when it belongs to none. */
  public @Nullable TraceContext context() {
    return context;
  }

  /** Whether a span is made of this request. */
  public boolean isRecorded() {
    return recorded;
  }

  /** The route that was chosen, by name. */
  public Exchange route(String name) {
    this.route = name;
    return this;
  }

  /** Another attempt begins, at this endpoint. */
  public Exchange attempt(String address, int port) {
    this.endpointAddress = address;
    this.endpointPort = port;
    this.attempts++;
    return this;
  }

  /** Who connected, as the socket says: an address. */
  public Exchange remote(String address) {
    this.endpointAddress = address;
    return this;
  }

  /** Of two attempts at a time, the endpoint of the one that answers for the request. */
  public Exchange answeredBy(String address, int port) {
    this.endpointAddress = address;
    this.endpointPort = port;
    return this;
  }

  /** The last attempt has not answered for a while and gets another one beside it. */
  public Exchange hedge() {
    telemetry.meters().hedges().with(service).increment();
    return keep("hedge");
  }

  /** The last attempt failed for {@code reason} and is followed by another. */
  public Exchange retry(String reason) {
    telemetry.meters().retries().with(service).increment();
    return keep(reason);
  }

  private Exchange keep(String reason) {
    List<Retry> kept = retries;
    if (kept == null) {
      kept = new ArrayList<>(2);
      retries = kept;
    }
    if (kept.size() < MAX_RETRIES_KEPT) {
      kept.add(new Retry(telemetry.epochNow(), attempts, reason, endpointAddress));
    }
    return this;
  }

  /** Who the peer proved to be: a SPIFFE ID; null when it proved nothing. */
  public Exchange peer(@Nullable String spiffeId) {
    this.peer = spiffeId;
    return this;
  }

  /** The protocol version as the semantic conventions write it: {@code 1.1} or {@code 2}. */
  public Exchange protocol(@Nullable String version) {
    this.protocol = version;
    return this;
  }

  /**
   * Why the mesh and not the peer determined the outcome.
   *
   * @param responseFlag one of a fixed set of constants
   * @param stageAndPolicy the stage and the policy that decided; null when there is none to name
   */
  public Exchange flag(String responseFlag, @Nullable String stageAndPolicy) {
    this.flag = responseFlag;
    this.detail = stageAndPolicy;
    return this;
  }

  /** What is to be known of a request whose outcome the mesh did not determine. */
  public Exchange detail(String text) {
    this.detail = text;
    return this;
  }

  /** Which AUDIT policies matched it, as {@code namespace/name}, parted by commas. */
  public Exchange audit(String policies) {
    this.audit = policies;
    return this;
  }

  /**
   * Another tracer makes the span of this request, and has made it already.
   *
   * @param foreign takes what is known by now, and the rest when the request is over
   */
  public Exchange joins(ForeignSpans.Span foreign) {
    this.span = foreign;
    tell();
    return this;
  }

  /** The caller works in this span of another tracer, which may yet make one of the request. */
  Exchange within(ForeignSpans.Span foreign) {
    this.around = foreign;
    return this;
  }

  /**
   * Looks whether the other tracer has made its span of this request by now: to be called on the
   * sending thread, inside the library.
   */
  public void look() {
    try {
      ForeignSpans.Span now = telemetry.foreign().current();
      ForeignSpans.Span outside = around;
      if (now != null && (outside == null || !now.context().isSameSpan(outside.context()))) {
        joins(now);
      }
    } catch (Throwable e) {
      telemetry.foreignFault();
    }
  }

  /** Whether the other tracer is here, and no span of its own of this request is open. */
  public boolean awaitsForeignSpan() {
    ForeignSpans.Span own = span;
    return telemetry.foreign().isPresent() && (own == null || !own.isRecording());
  }

  /** Leaves what is known by now with the other tracer, whose span may end before we conclude. */
  public void tell() {
    ForeignSpans.Span own = span;
    if (own == null) {
      return;
    }
    try {
      own.attributes(ForeignAttributes.of(this));
    } catch (Throwable e) {
      telemetry.foreignFault();
    }
  }

  /** Leaves all of it there. */
  void tellAll() {
    try {
      tellAtTheEnd();
    } catch (Throwable e) {
      telemetry.foreignFault();
    }
  }

  private void tellAtTheEnd() {
    ForeignSpans.Span own = span;
    if (own != null && own.isRecording()) {
      for (Retry retry : retries()) {
        own.event("weft.retry", ForeignAttributes.of(retry));
      }
      tell();
      return;
    }
    ForeignSpans.Span outside = around;
    if (outside != null && !flag.equals("-")) {
      // Refused before the library was reached, or decided after its span had ended: the caller's
      // span is the only place left where this can be seen.
      outside.event("weft.call", ForeignAttributes.of(this));
    }
  }

  /** The request is over; the second and further calls do nothing. */
  public void conclude(int finalStatus, @Nullable Throwable failure) {
    telemetry.conclude(this, finalStatus, failure);
  }

  @Override
  public String line() {
    return rules == null || rules.logs(this) ? AccessLog.line(this) : "";
  }

  List<Retry> retries() {
    List<Retry> kept = retries;
    return kept == null ? Collections.emptyList() : kept;
  }
}
