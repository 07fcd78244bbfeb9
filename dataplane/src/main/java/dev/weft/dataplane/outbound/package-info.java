/**
 * Calls that the application makes: the stages, the two drivers, and what an adapter implements.
 */
package dev.weft.dataplane.outbound;
