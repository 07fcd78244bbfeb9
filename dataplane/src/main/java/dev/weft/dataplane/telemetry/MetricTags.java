package dev.weft.dataplane.telemetry;

import dev.weft.policy.cel.CelExpression;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * Labels of one metric that policy adds, replaces or takes away. A label taken away has an empty
 * value, which Prometheus holds to be none. Makes a key per request, as only policy can ask for.
 * Immutable.
 */
final class MetricTags {
  /** What a label is whose expression has no value, as in Istio. */
  private static final String UNKNOWN = "unknown";

  private final List<String> names;
  private final List<@Nullable CelExpression> values;

  /** Expressions by the names of labels; null takes the label away. */
  MetricTags(List<String> names, List<@Nullable CelExpression> values) {
    this.names = names;
    this.values = values;
  }

  List<CelExpression> expressions() {
    List<CelExpression> all = new ArrayList<>();
    for (CelExpression value : values) {
      if (value != null) {
        all.add(value);
      }
    }
    return all;
  }

  void count(Exchange exchange, Meters meters) {
    String statusClass = RequestMeter.statusClass(exchange.status);
    meters
        .requests()
        .with(
            labels(
                exchange,
                meters.requests().labelNames(),
                exchange.meter.direction(),
                exchange.meter.service(),
                exchange.route,
                statusClass,
                exchange.flag))
        .increment();
  }

  void time(Exchange exchange, Meters meters) {
    meters
        .durations()
        .with(
            labels(
                exchange,
                meters.durations().labelNames(),
                exchange.meter.direction(),
                exchange.meter.service(),
                exchange.route))
        .record(exchange.durationNanos);
  }

  private Labels labels(Exchange exchange, List<String> own, String... usual) {
    List<String> added = null;
    String[] all = usual;
    ExchangeFacts facts = new ExchangeFacts(exchange);
    for (int i = 0; i < names.size(); i++) {
      CelExpression expression = values.get(i);
      int at = own.indexOf(names.get(i));
      if (expression == null) {
        if (at >= 0) {
          all[at] = "";
        }
        continue;
      }
      String value = Objects.toString(expression.text(facts), UNKNOWN);
      if (at >= 0) {
        all[at] = value;
      } else {
        added = added == null ? new ArrayList<>(2) : added;
        added.add(names.get(i));
        all = Arrays.copyOf(all, all.length + 1);
        all[all.length - 1] = value;
      }
    }
    return added == null ? Labels.of(all) : Labels.of(added, all);
  }
}
