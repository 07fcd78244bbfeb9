/** Picking one endpoint among many: round robin, least request, random. Knows no exchange. */
package dev.weft.dataplane.balance;
