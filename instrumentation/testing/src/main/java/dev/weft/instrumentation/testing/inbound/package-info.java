/**
 * What every instrumented server has to keep: the application notices nothing ({@link
 * dev.weft.instrumentation.testing.inbound.InboundTransparency}), and nobody gets in who should not
 * ({@link dev.weft.instrumentation.testing.inbound.InboundSecurity}). A server is attached to while
 * it accepts; its answers before and after are compared byte for byte.
 *
 * <p>Each is made of themes: {@code *Probes} are exchanges to compare, {@code *Cases} are what only
 * the mesh adds. What a server cannot do by itself it answers so before and after, and passes. What
 * it can do but not in the mesh is a limit of the unit and stands in its {@code support.yaml}.
 */
package dev.weft.instrumentation.testing.inbound;
