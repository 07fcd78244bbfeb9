/**
 * Apache Tomcat 8.5 to 11, NIO and NIO2 connectors: mTLS and plaintext on the port it has, and the
 * gate before any web application.
 *
 * <p>Three classes of Tomcat decide, and each has one hook: {@code NioEndpoint} or {@code
 * Nio2Endpoint} makes connections ({@link dev.weft.instrumentation.tomcat.AcceptHook}), {@code
 * AbstractProcessor} ties a connection to a request ({@link
 * dev.weft.instrumentation.tomcat.ConnectionHook}), {@code StandardEngineValve} leads a request
 * into the application ({@link dev.weft.instrumentation.tomcat.GateHook}). Two more only look on:
 * the end of a request and the port a connector listens on.
 *
 * <p>Hooks are compiled against Tomcat 8.5 and use no method with a servlet type in its signature,
 * so the same bytecode serves {@code javax} and {@code jakarta}.
 */
package dev.weft.instrumentation.tomcat;
