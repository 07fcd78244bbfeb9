/** TLS with servers outside the mesh (TLS origination), from files that policy names. */
package dev.weft.dataplane.origination;
