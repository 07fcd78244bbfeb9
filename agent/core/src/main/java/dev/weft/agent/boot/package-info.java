/** The agent's start, in the order docs/class-loaders.md tells. */
package dev.weft.agent.boot;
