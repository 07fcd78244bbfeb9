package dev.weft.meshctl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** What the commands that speak to the control server have in common. */
@Command(mixinStandardHelpOptions = true)
abstract class MeshCommand implements Callable<Integer> {
  @Mixin final Connection connection = new Connection();

  private final Terminal terminal;

  MeshCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  final Terminal terminal() {
    return terminal;
  }

  final ControlServer server() {
    return connection.open(terminal);
  }

  final void print(String line) {
    terminal.out().println(line);
  }
}
