/** The agent's settings, read once at its start; docs/configuration.md lists them. */
package dev.weft.agent.settings;
