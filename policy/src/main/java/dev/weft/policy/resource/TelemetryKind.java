package dev.weft.policy.resource;

import dev.weft.policy.cel.CelException;
import dev.weft.policy.cel.CelExpression;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;

/** Istio Telemetry: the table of its fields. */
final class TelemetryKind {
  /** Istio's metrics that agents have; the others are of TCP, gRPC and sizes. */
  static final String REQUEST_COUNT = "REQUEST_COUNT";

  static final String REQUEST_DURATION = "REQUEST_DURATION";
  static final String ALL_METRICS = "ALL_METRICS";

  private static final int MOST_TAGS = 64;
  private static final String ONE_OF_EACH =
      "an agent has one exporter of spans, one set of metrics and one access log";

  private static final Type MODE = Scalars.choice("CLIENT_AND_SERVER", "CLIENT", "SERVER");

  private static final Type MATCH = ObjectType.of("match").field("mode", MODE).build();

  private static final Type PROVIDERS =
      ListType.of(
          ObjectType.of("provider")
              .required("name", Scalars.text("a name", Checks::notEmpty))
              .build());

  private static final Type CUSTOM_TAG =
      ObjectType.of("customTag")
          .field(
              "literal",
              ObjectType.of("literal")
                  .required("value", Scalars.text("a text", Checks::notEmpty))
                  .build())
          .field(
              "environment",
              ObjectType.of("environment")
                  .required("name", Scalars.text("a name", Checks::notEmpty))
                  .field("defaultValue", Scalars.text())
                  .build())
          .field(
              "header",
              ObjectType.of("header")
                  .required("name", Scalars.text("a name", Checks::notEmpty))
                  .field("defaultValue", Scalars.text())
                  .build())
          .refused("formatter", "Envoy's command operators")
          .rule(TelemetryKind::checkTag)
          .build();

  private static final Type TRACING =
      ObjectType.of("tracing")
          .field("match", MATCH)
          .withoutEffect("providers", PROVIDERS, ONE_OF_EACH)
          .field("randomSamplingPercentage", Scalars.number(0, 100))
          .field("disableSpanReporting", Scalars.flag())
          .field("disableContextPropagation", Scalars.flag())
          .nullable("randomSamplingPercentage", "disableSpanReporting")
          .field("customTags", MapType.of("the name of an attribute", Checks::notEmpty, CUSTOM_TAG))
          .withoutEffect(
              "useRequestIdForTraceSampling",
              Scalars.flag(),
              "it is decided by the identifier of the trace")
          .withoutEffect(
              "enableIstioTags", Scalars.flag(), "spans have weft.* attributes in their place")
          .nullable("useRequestIdForTraceSampling", "enableIstioTags")
          .build();

  private static final Type METRIC_MATCH =
      ObjectType.of("match")
          .field(
              "metric",
              Scalars.choice(
                  ALL_METRICS,
                  REQUEST_COUNT,
                  REQUEST_DURATION,
                  "REQUEST_SIZE",
                  "RESPONSE_SIZE",
                  "TCP_OPENED_CONNECTIONS",
                  "TCP_CLOSED_CONNECTIONS",
                  "TCP_SENT_BYTES",
                  "TCP_RECEIVED_BYTES",
                  "GRPC_REQUEST_MESSAGES",
                  "GRPC_RESPONSE_MESSAGES"))
          .withoutEffect(
              "customMetric",
              Scalars.text("a name", Checks::notEmpty),
              "agents have no metrics but their own, so that the override is for none")
          .field("mode", MODE)
          .rule(TelemetryKind::checkMetric)
          .build();

  private static final Type TAG_OVERRIDE =
      ObjectType.of("tagOverride")
          .field("operation", Scalars.choice("UPSERT", "REMOVE"))
          .field("value", Scalars.text())
          .rule(TelemetryKind::checkOverride)
          .build();

  private static final Type METRICS =
      ObjectType.of("metrics")
          .withoutEffect("providers", PROVIDERS, ONE_OF_EACH)
          .field(
              "overrides",
              ListType.of(
                  ObjectType.of("override")
                      .field("match", METRIC_MATCH)
                      .field("disabled", Scalars.flag())
                      .nullable("disabled")
                      .field(
                          "tagOverrides",
                          MapType.of("the name of a label", Checks::notEmpty, TAG_OVERRIDE))
                      .build()))
          .withoutEffect(
              "reportingInterval",
              Shared.DURATION,
              "metrics are there at any time, and OTEL_METRIC_EXPORT_INTERVAL says how often they"
                  + " are sent")
          .build();

  private static final Type ACCESS_LOGGING =
      ObjectType.of("accessLogging")
          .field("match", MATCH)
          .withoutEffect("providers", PROVIDERS, ONE_OF_EACH)
          .field("disabled", Scalars.flag())
          .nullable("disabled")
          .field(
              "filter",
              ObjectType.of("filter")
                  .required("expression", Scalars.text("an expression", Checks::notEmpty))
                  .rule(filter -> checkExpression(filter, "expression", true))
                  .build())
          .build();

  static final ObjectType SPEC =
      ObjectType.of("Telemetry")
          .field("selector", Shared.SELECTOR)
          .field("tracing", ListType.of(TRACING).atMost(MOST_TAGS))
          .field("metrics", ListType.of(METRICS).atMost(MOST_TAGS))
          .field("accessLogging", ListType.of(ACCESS_LOGGING).atMost(MOST_TAGS))
          .field("targetRef", PolicyTargets.REF)
          .field("targetRefs", PolicyTargets.REFS)
          .rule(PolicyTargets::checkSelection)
          .build();

  private TelemetryKind() {}

  private static void checkTag(ObjectView tag) {
    int count = 0;
    for (String origin : new String[] {"literal", "environment", "header", "formatter"}) {
      count += tag.has(origin) ? 1 : 0;
    }
    if (count > 1) {
      tag.invalid("must have one of literal, environment and header; keep one");
    } else if (count == 0) {
      tag.withoutEffect("literal", "without literal, environment or header there is no value");
    }
  }

  private static void checkMetric(ObjectView match) {
    if (match.has("metric") && match.has("customMetric")) {
      match.invalid("customMetric", "must not stand beside metric; keep one");
    }
    String metric = match.text("metric");
    if (!metric.isEmpty()
        && !metric.equals(ALL_METRICS)
        && !metric.equals(REQUEST_COUNT)
        && !metric.equals(REQUEST_DURATION)) {
      match.withoutEffect("metric", "agents have no metric for " + metric);
    }
  }

  private static void checkOverride(ObjectView override) {
    String operation = override.text("operation");
    boolean value = !override.text("value").isEmpty();
    if (!operation.equals("REMOVE") && !value) {
      override.invalid("value", "is required with the operation UPSERT, which is the default");
    } else if (operation.equals("REMOVE") && override.has("value")) {
      override.invalid("value", "must not be set with the operation REMOVE");
    } else if (value) {
      // Istio hands it on unread.
      checkExpression(override, "value", false);
    }
  }

  private static void checkExpression(ObjectView object, String field, boolean read) {
    String text = object.text(field);
    if (text.isEmpty()) {
      return;
    }
    try {
      CelExpression.parse(text);
    } catch (CelException e) {
      if (read && e.isWrong()) {
        object.invalid(field, String.valueOf(e.getMessage()));
      } else {
        object.notInForce(field, String.valueOf(e.getMessage()));
      }
    }
  }
}
