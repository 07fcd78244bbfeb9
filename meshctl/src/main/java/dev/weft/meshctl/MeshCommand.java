package dev.weft.meshctl;

import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Spec;

/** What the commands that speak to the control server have in common. */
@Command(mixinStandardHelpOptions = true)
abstract class MeshCommand implements Callable<Integer> {
  @Mixin private final Connection own = new Connection();
  @Spec private CommandSpec spec = CommandSpec.create();

  private final Terminal terminal;

  MeshCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  final Terminal terminal() {
    return terminal;
  }

  final ControlServer server() {
    return connection().open(terminal);
  }

  /** The options as given behind the command, else those in front of it. */
  final Connection connection() {
    Object root = spec.root().userObject();
    return root instanceof Meshctl meshctl ? own.or(meshctl.connection()) : own;
  }

  final void print(String line) {
    terminal.out().println(line);
  }
}
