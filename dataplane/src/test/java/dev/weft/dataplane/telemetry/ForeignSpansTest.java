package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.entry;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Telemetry beside another tracer that makes the spans. */
class ForeignSpansTest {
  private static final String PEER = "spiffe://cluster.local/ns/shop/sa/orders";

  private final Other other = new Other();
  private final List<Exchange> exported = new ArrayList<>();
  private final Telemetry telemetry =
      Telemetry.create(
          new Tracing() {
            @Override
            public boolean isOn() {
              return true;
            }

            @Override
            public boolean sample(
                @Nullable TraceContext parent,
                TraceContext candidate,
                Exchange.Direction direction) {
              return true;
            }

            @Override
            public void export(Exchange exchange) {
              exported.add(exchange);
            }
          },
          other);

  private Exchange call(@Nullable String traceparent) {
    return Objects.requireNonNull(
        telemetry.outbound("orders", "GET", "http", "orders", "/", traceparent, null));
  }

  @Test
  void theSpanThatWroteTheRequestGetsWhatTheMeshKnows() {
    Span client = new Span();
    other.current = client;
    Exchange exchange = call(client.context.header()).route("v2").peer(PEER);
    exchange.attempt("10.0.0.1", 8080).retry("503").attempt("10.0.0.2", 8080);
    exchange.flag("URX", "RETRY;v2").conclude(503, null);

    assertThat(exported).as("no second span").isEmpty();
    assertThat(client.attributes)
        .containsOnly(
            entry("weft.service", "orders"),
            entry("weft.route", "v2"),
            entry("weft.peer", PEER),
            entry("weft.attempts", 2L),
            entry("weft.response_flag", "URX"),
            entry("weft.response_detail", "RETRY;v2"));
    assertThat(client.events).containsExactly("weft.retry");
    assertThat(exchange.context()).hasToString(client.context.header());
  }

  @Test
  void aCallRefusedBeforeItsSpanBeganIsAnEventOfItsCaller() {
    Span server = new Span();
    other.current = server;
    Exchange exchange = call(null);
    assertThat(exchange.context()).as("what goes on the wire").isSameAs(server.context);
    exchange.flag("UO", "ADMIT;orders").conclude(503, null);
    assertThat(server.events).containsExactly("weft.call");
    assertThat(server.attributes).as("it is not the call's own span").isEmpty();

    call(null).conclude(200, null);
    assertThat(server.events).as("what went well leaves nothing").hasSize(1);
  }

  @Test
  void aSpanThatBeginsInsideTheSendingIsFoundThere() {
    Span server = new Span();
    other.current = server;
    Exchange exchange = call(null).peer(PEER).attempt("10.0.0.1", 8080);
    exchange.look();
    assertThat(exchange.awaitsForeignSpan()).as("still the caller's").isTrue();
    Span first = new Span();
    other.current = first;
    exchange.look();
    assertThat(first.attributes).contains(entry("weft.peer", PEER), entry("weft.attempts", 1L));
    assertThat(exchange.awaitsForeignSpan()).isFalse();
    first.recording = false;
    assertThat(exchange.awaitsForeignSpan()).as("the next attempt has its own").isTrue();
    exchange.flag("UF", null).conclude(0, null);
    assertThat(server.events).as("the attempt's span is over").containsExactly("weft.call");
  }

  @Test
  void aRequestServedTellsItsPeerAtOnceAndPassesItsSpanOn() {
    Span server = new Span();
    other.current = server;
    Exchange exchange =
        Objects.requireNonNull(
            telemetry.inbound(
                "orders", "GET", "http", "orders", "/", TraceContext.root(true).header(), null));
    exchange.peer(PEER).tell();
    assertThat(server.attributes).contains(entry("weft.peer", PEER));
    assertThat(exchange.context()).isSameAs(server.context);
    exchange.flag("UAEX", "AUTHORIZE;deny").conclude(403, null);
    assertThat(server.attributes).contains(entry("weft.response_flag", "UAEX"));
    assertThat(exported).isEmpty();
  }

  @Test
  void withoutReachNothingIsMadeAndTheContextGoesThrough() {
    String given = TraceContext.root(true).header();
    Exchange exchange = call(given);
    assertThat(exchange.context()).hasToString(given);
    exchange.conclude(200, null);
    assertThat(exported).isEmpty();
    assertThat(call(null).context()).as("no trace is begun").isNull();
  }

  @Test
  void anotherTracerThatFailsHurtsNoRequest() {
    Span client = new Span();
    other.current = client;
    client.fails = true;
    Exchange exchange = call(client.context.header());
    exchange.attempt("10.0.0.1", 8080).look();
    exchange.conclude(200, null);
    other.fails = true;
    call(null).conclude(200, null);
    assertThat(telemetry.meters().telemetryFaults().with("foreign").sum()).isPositive();
    assertThat(telemetry.meters().telemetryFaults().with("conclude").sum()).isZero();
    assertThat(telemetry.meters().outbound("orders").active().sum()).isZero();
  }

  private static final class Other implements ForeignSpans {
    @Nullable Span current;
    boolean fails;

    @Override
    public boolean isPresent() {
      return true;
    }

    @Override
    public ForeignSpans.@Nullable Span current() {
      if (fails) {
        throw new LinkageError("injected");
      }
      return current;
    }
  }

  private static final class Span implements ForeignSpans.Span {
    final TraceContext context = TraceContext.root(true);
    final Map<String, Object> attributes = new HashMap<>();
    final List<String> events = new ArrayList<>();
    boolean recording = true;
    boolean fails;

    @Override
    public TraceContext context() {
      return context;
    }

    @Override
    public boolean isRecording() {
      if (fails) {
        throw new LinkageError("injected");
      }
      return recording;
    }

    @Override
    public void attributes(Map<String, ?> more) {
      if (fails) {
        throw new LinkageError("injected");
      }
      attributes.putAll(more);
    }

    @Override
    public void event(String name, Map<String, ?> more) {
      events.add(name);
    }
  }
}
