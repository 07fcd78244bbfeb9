package dev.weft.dataplane.telemetry;

/** What is over and may be written as one line of JSON, by the log's own thread. */
interface LogLine {
  /** The line with its end. */
  String line();
}
