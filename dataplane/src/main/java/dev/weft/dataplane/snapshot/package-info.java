/** The snapshot in force, compiled for the request path: one read, one hash lookup, no strings. */
package dev.weft.dataplane.snapshot;
