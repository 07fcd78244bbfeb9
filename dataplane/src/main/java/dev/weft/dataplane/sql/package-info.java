/**
 * What the text of a statement says without a parser of its language: its kinds, its table, the
 * text without literals. Knows neither policies nor connections.
 */
package dev.weft.dataplane.sql;
