/**
 * {@code com.sun.net.httpserver.HttpServer} of the Java runtime: mesh mTLS and plaintext on one
 * port, and the gate before its filters and handlers.
 *
 * <p>{@link dev.weft.instrumentation.httpserver.AcceptHook} hears a connection on the dispatcher's
 * thread without blocking it; {@link dev.weft.instrumentation.httpserver.MeshSocketChannel} is what
 * the server then reads and writes, and what it is known by; {@link
 * dev.weft.instrumentation.httpserver.FilterHook} decides on a request.
 */
package dev.weft.instrumentation.httpserver;
