/**
 * Connections to databases and the statements on them: which policy holds, whether and where to
 * connect, whether a statement may run. Knows no JDBC; the library's side hands calls in and turns
 * refusals into exceptions of its own.
 */
package dev.weft.dataplane.database;
