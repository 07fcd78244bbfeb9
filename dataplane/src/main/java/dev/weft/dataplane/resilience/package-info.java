/**
 * State of destinations that outlives snapshots: ejections, bulkheads, retry budgets, cursors.
 * Knows no exchange.
 */
package dev.weft.dataplane.resilience;
