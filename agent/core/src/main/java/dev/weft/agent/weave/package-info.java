/**
 * Weaving: a gate of class names that every loaded class passes, and behind it ByteBuddy's advice,
 * applied by hand.
 */
package dev.weft.agent.weave;
