/**
 * Undertow 2, embedded and in WildFly: mesh mTLS and plaintext on one listener, and the gate before
 * its root handler.
 *
 * <p>{@link dev.weft.instrumentation.undertow.AcceptHook} hears the first bytes of a connection,
 * {@link dev.weft.instrumentation.undertow.GateHook} decides on a request.
 */
package dev.weft.instrumentation.undertow;
