/** Packs mesh-agent.jar. Runs when Weft is built, and is not part of the jar. */
package dev.weft.agent.dist;
