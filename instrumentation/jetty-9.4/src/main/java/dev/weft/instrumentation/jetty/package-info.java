/**
 * Jetty 9.4 to 12: mTLS and plaintext on the port it has, and the gate before any handler.
 *
 * <p>{@code ServerConnector} makes connections ({@link
 * dev.weft.instrumentation.jetty.ConnectHook}); {@code Server} leads a request to its handlers
 * ({@link dev.weft.instrumentation.jetty.GateHook} up to Jetty 11, {@code core.GateHook} from 12).
 *
 * <p>What stands here is compiled against Jetty 9.4 and links on 10 and 11, too: it uses no method
 * with a servlet type in its signature, and no method of {@code HttpFields}, which became an
 * interface. The connection part also links on Jetty 12, whose own classes are in {@code core}.
 */
package dev.weft.instrumentation.jetty;
