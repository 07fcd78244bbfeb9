/**
 * Schemas as tables: field, type, constraint, and whether Weft carries it out.
 *
 * <p>A kind's table is the one place that says what is accepted; reading, error messages and the
 * reference page all come from it.
 */
package dev.weft.policy.schema;
