package dev.weft.dataplane.telemetry;

import java.util.List;
import java.util.Map;
import java.util.concurrent.atomic.LongAdder;
import java.util.function.DoubleSupplier;

/** Metrics in the Prometheus text exposition format 0.0.4. */
final class PrometheusText {

  static final String CONTENT_TYPE = "text/plain; version=0.0.4; charset=utf-8";

  private PrometheusText() {}

  static String of(Meters meters) {
    StringBuilder out = new StringBuilder(8_192);
    for (MeterFamily<?> family : meters.families()) {
      append(out, family);
    }
    return out.toString();
  }

  private static void append(StringBuilder out, MeterFamily<?> family) {
    out.append("# HELP ").append(family.name()).append(' ').append(family.description());
    out.append("\n# TYPE ").append(family.name()).append(' ');
    out.append(type(family.kind())).append('\n');
    for (Map.Entry<Labels, ?> series : family.series().entrySet()) {
      String labels = labels(series.getKey().names(family.labelNames()), series.getKey().values());
      Object value = series.getValue();
      if (value instanceof Histogram) {
        histogram(out, family.name(), labels, (Histogram) value);
      } else if (value instanceof LongAdder) {
        sample(out, family.name(), labels, ((LongAdder) value).sum());
      } else {
        double number = ((DoubleSupplier) value).getAsDouble();
        out.append(family.name()).append(braced(labels)).append(' ').append(number).append('\n');
      }
    }
  }

  private static void histogram(
      StringBuilder out, String name, String labels, Histogram histogram) {
    double[] bounds = histogram.boundsSeconds();
    long[] counts = histogram.counts();
    long total = 0;
    String comma = labels.isEmpty() ? "" : ",";
    for (int i = 0; i < counts.length; i++) {
      total += counts[i];
      String bound = i < bounds.length ? Double.toString(bounds[i]) : "+Inf";
      sample(out, name + "_bucket", labels + comma + "le=\"" + bound + "\"", total);
    }
    out.append(name).append("_sum").append(braced(labels)).append(' ');
    out.append(histogram.sumSeconds()).append('\n');
    sample(out, name + "_count", labels, total);
  }

  private static void sample(StringBuilder out, String name, String labels, long value) {
    out.append(name).append(braced(labels)).append(' ').append(value).append('\n');
  }

  private static String braced(String labels) {
    return labels.isEmpty() ? "" : "{" + labels + "}";
  }

  private static String labels(List<String> names, List<String> values) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < names.size(); i++) {
      if (i > 0) {
        out.append(',');
      }
      out.append(names.get(i)).append("=\"");
      escape(out, values.get(i));
      out.append('"');
    }
    return out.toString();
  }

  private static void escape(StringBuilder out, String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c == '\\' || c == '"') {
        out.append('\\').append(c);
      } else if (c == '\n') {
        out.append("\\n");
      } else {
        out.append(c < ' ' || c == 0x7f ? '?' : c);
      }
    }
  }

  private static String type(MeterFamily.Kind kind) {
    switch (kind) {
      case COUNTER:
        return "counter";
      case HISTOGRAM:
        return "histogram";
      default:
        return "gauge";
    }
  }
}
