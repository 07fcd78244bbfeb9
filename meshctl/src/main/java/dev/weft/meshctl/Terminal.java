package dev.weft.meshctl;

import java.io.InputStream;
import java.io.PrintStream;
import java.time.Clock;
import java.util.Map;

/**
 * What a command may touch of its surroundings.
 *
 * @param in standard input
 * @param out for results, which scripts read
 * @param err for errors and hints
 * @param environment environment variables
 * @param clock for ages
 */
record Terminal(
    InputStream in,
    PrintStream out,
    PrintStream err,
    Map<String, String> environment,
    Clock clock) {

  static Terminal ofProcess() {
    return new Terminal(System.in, System.out, System.err, System.getenv(), Clock.systemUTC());
  }
}
