/** Who we are and whom we trust: SVIDs, their validation, and TLS made from them. */
package dev.weft.dataplane.identity;
