package dev.weft.instrumentation.testing.support;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One thing that a unit states it cannot do.
 *
 * @param contractCase method of a contract suite that fails, null when {@code what} says it
 * @param what what does not work, in words, null when a case says it
 * @param because why, or what happens instead; empty only where {@code what} says that
 * @param with the one invocation of the case that fails: its arguments joined by {@code ", "}, or
 *     the name of a dynamic test; null for each of them
 * @param in simple names of the test classes in which the case fails, empty for all of the unit's
 * @param showsAs text that the failure's message contains, null for any
 */
public record Limit(
    @Nullable String contractCase,
    @Nullable String what,
    String because,
    @Nullable String with,
    List<String> in,
    @Nullable String showsAs) {}
