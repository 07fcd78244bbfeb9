/**
 * The few classes that woven advice may name. They are defined to the bootstrap class loader, so
 * that every class of the JVM sees them, and depend on nothing but {@code java.base}.
 */
package dev.weft.bootstrap;
