/**
 * An extension of the OpenTelemetry agent, loaded by that agent from {@code mesh-agent.jar} when
 * {@code otel.javaagent.extensions} names it. It joins the two agents into one picture
 * (docs/adr/0045).
 */
package dev.weft.agent.opentelemetry;
