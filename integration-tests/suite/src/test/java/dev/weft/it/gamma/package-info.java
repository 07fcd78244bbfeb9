/** The mesh conformance cases of the Gateway API, by the assembled chain and by real processes. */
package dev.weft.it.gamma;
