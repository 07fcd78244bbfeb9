package dev.weft.meshctl;

import java.util.List;

/** Ends a command with exit code 1 and lines for standard error. */
final class CommandFailure extends RuntimeException {
  private static final long serialVersionUID = 1;

  private final transient List<String> lines;

  private CommandFailure(List<String> lines) {
    super(String.join("\n", lines), null, false, false);
    this.lines = lines;
  }

  static CommandFailure of(String line) {
    return new CommandFailure(List.of(line));
  }

  static CommandFailure of(List<String> lines) {
    return new CommandFailure(List.copyOf(lines));
  }

  List<String> lines() {
    return lines;
  }
}
