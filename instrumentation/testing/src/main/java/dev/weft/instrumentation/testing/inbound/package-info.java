/**
 * What every instrumented server has to keep: the application notices nothing ({@link
 * dev.weft.instrumentation.testing.inbound.InboundTransparency}), and nobody gets in who should not
 * ({@link dev.weft.instrumentation.testing.inbound.InboundSecurity}). A server is attached to while
 * it accepts; its answers before and after are compared byte for byte.
 */
package dev.weft.instrumentation.testing.inbound;
