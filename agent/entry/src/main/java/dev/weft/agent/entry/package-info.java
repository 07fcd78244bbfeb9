/**
 * The way in: the only classes of Weft on the application's class path. Small, Java 8, and without
 * lambdas, which would cost the start of every application some milliseconds.
 */
package dev.weft.agent.entry;
