package dev.weft.meshctl;

import java.util.List;

/** Ends a command with an exit code and lines for standard error. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;
  private final int exitCode;

  private CommandFailure(List<String> lines, int exitCode) {
    super(String.join("\n", lines), null, false, false);
    this.lines = lines;
    this.exitCode = exitCode;
  }

  /** What was typed cannot be meant. */
  static CommandFailure usage(String line) {
    return new CommandFailure(List.of(line), 2);
  }

  static CommandFailure of(String line) {
    return new CommandFailure(List.of(line), 1);
  }

  static CommandFailure of(List<String> lines) {
    return new CommandFailure(List.copyOf(lines), 1);
  }

  int exitCode() {
    return exitCode;
  }

  List<String> lines() {
    return lines;
  }
}
