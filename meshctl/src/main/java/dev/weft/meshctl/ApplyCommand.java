package dev.weft.meshctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;

/** {@code meshctl apply}: creates or changes resources, all or nothing. */
@Command(name = "apply", description = "Creates or changes resources from YAML, all or nothing.")
final class ApplyCommand extends MeshCommand {
  @Mixin private final PolicyFiles files = new PolicyFiles();

  @Option(names = "--dry-run", description = "Only say what would be done.")
  boolean dryRun;

  ApplyCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Json answer = files.send(this::server, terminal(), dryRun ? "dryRun" : "");
    ChangeLines.print(answer, dryRun, terminal());
    return 0;
  }
}
