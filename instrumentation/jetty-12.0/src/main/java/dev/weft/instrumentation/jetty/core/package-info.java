/**
 * What Jetty 12 needs beside the classes for 9.4: its requests are interfaces that are wrapped on
 * their way, below any servlet API, so the gate is the same for {@code ee8} to {@code ee11} and for
 * handlers without servlets.
 */
package dev.weft.instrumentation.jetty.core;
