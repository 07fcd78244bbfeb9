/** Somebody else's agent, which runs beside the mesh's in the same JVM. */
package dev.weft.it.agent;
