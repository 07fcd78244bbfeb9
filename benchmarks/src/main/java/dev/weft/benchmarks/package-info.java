/** JMH benchmarks of the engine: what a decision costs, in time and in bytes. */
package dev.weft.benchmarks;
