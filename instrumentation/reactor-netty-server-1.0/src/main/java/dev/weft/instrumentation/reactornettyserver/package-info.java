/**
 * Reactor Netty's {@code HttpServer}, as under Spring WebFlux: mesh mTLS and plaintext on one port,
 * and the gate before its handler.
 *
 * <p>{@link dev.weft.instrumentation.reactornettyserver.AcceptHook} stands where a connection gets
 * its handlers; {@link dev.weft.instrumentation.reactornettyserver.RequestHook} decides on a
 * request.
 */
package dev.weft.instrumentation.reactornettyserver;
