/** What the tests of instrumentations share. */
package dev.weft.instrumentation.testing;
