/** What every JDBC driver must do under the mesh, and what the contract needs to show it. */
package dev.weft.instrumentation.testing.database;
