/**
 * Picking one endpoint among many: round robin, least request, random, consistent hashing. Knows no
 * exchange.
 */
package dev.weft.dataplane.balance;
