/**
 * JDBC drivers: connects and statements under the policy for their database. Drivers are woven,
 * pools above them are not. Written for JDBC 4.0 and later; older classes are woven as well.
 */
package dev.weft.instrumentation.jdbc;
