/**
 * What both directions share: verdicts, local replies, response flags, and the deadline a thread
 * works under. Imports nothing else of the data plane.
 */
package dev.weft.dataplane.filter;
