/** Part of Weft; see docs/architecture.md. */
package dev.weft.agent.extension;
