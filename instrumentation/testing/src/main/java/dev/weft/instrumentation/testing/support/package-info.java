/**
 * What a unit states about itself in its {@code support.yaml}, and how its tests hold it to that.
 */
@NullMarked
package dev.weft.instrumentation.testing.support;

import org.jspecify.annotations.NullMarked;
