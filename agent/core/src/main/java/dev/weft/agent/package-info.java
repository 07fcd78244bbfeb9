/**
 * The agent behind its entry point: settings, weaving, hooks and start-up. docs/class-loaders.md
 * shows who loads what.
 */
package dev.weft.agent;
