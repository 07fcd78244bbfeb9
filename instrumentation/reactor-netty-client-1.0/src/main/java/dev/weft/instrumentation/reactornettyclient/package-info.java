/**
 * The HTTP client of Reactor Netty, and with it Spring's WebClient.
 *
 * <p>{@link dev.weft.instrumentation.reactornettyclient.AcquireHook} stands where a hop asks for a
 * connection, below redirects and above the pool; the hop hears of an attempt only what the driver
 * lets through. An instance's pool key is the name of the address that is asked for.
 */
package dev.weft.instrumentation.reactornettyclient;
