/** The receiving side: who the peer is, and whether the request may enter the application. */
package dev.weft.dataplane.inbound;
