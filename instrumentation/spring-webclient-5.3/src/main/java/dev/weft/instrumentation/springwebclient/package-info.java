/**
 * Spring's {@code WebClient} over Reactor Netty: tells the client below which headers it is going
 * to set, so that routes see them. {@link dev.weft.dataplane.outbound.ComingHeaders} says how.
 */
package dev.weft.instrumentation.springwebclient;
