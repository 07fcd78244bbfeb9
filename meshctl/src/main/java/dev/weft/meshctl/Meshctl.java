package dev.weft.meshctl;

import java.io.PrintWriter;
import java.nio.charset.StandardCharsets;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Mixin;

/** Entry of the command line. Exit codes: 0 done, 1 refused or failed, 2 wrong usage. */
@Command(
    name = "meshctl",
    description = "Controls a Weft mesh.",
    mixinStandardHelpOptions = true,
    synopsisSubcommandLabel = "COMMAND",
    versionProvider = Version.class)
public final class Meshctl {
  @Mixin private final Connection connection = new Connection();

  private Meshctl() {}

  /** The options in front of the command. */
  Connection connection() {
    return connection;
  }

  /** Runs a command and ends the process with its exit code. */
  public static void main(String[] arguments) {
    System.exit(run(Terminal.ofProcess(), arguments));
  }

  static int run(Terminal terminal, String... arguments) {
    CommandLine line = new CommandLine(new Meshctl());
    line.addSubcommand(new ApplyCommand(terminal));
    line.addSubcommand(new AnalyzeCommand(terminal));
    line.addSubcommand(new ConvertCommand(terminal));
    line.addSubcommand(new GetCommand(terminal));
    line.addSubcommand(new DeleteCommand(terminal));
    line.addSubcommand(
        new CommandLine(new PolicyCommand()).addSubcommand(new PolicyCommand.Diff(terminal)));
    line.addSubcommand(
        new CommandLine(new ExplainCommand()).addSubcommand(new ExplainCommand.Request(terminal)));
    line.addSubcommand(new HistoryCommand(terminal));
    line.addSubcommand(new RollbackCommand(terminal));
    line.addSubcommand(new StatusCommand(terminal));
    line.addSubcommand(
        new CommandLine(new TokenCommand()).addSubcommand(new TokenCommand.Create(terminal)));
    line.addSubcommand(
        new CommandLine(new IdentityCommand())
            .addSubcommand(new IdentityCommand.Withdraw(terminal))
            .addSubcommand(new IdentityCommand.Restore(terminal))
            .addSubcommand(new IdentityCommand.List(terminal)));
    line.addSubcommand(
        new CommandLine(new CaCommand())
            .addSubcommand(new CaCommand.Status(terminal))
            .addSubcommand(new CaCommand.Rotate(terminal)));
    line.addSubcommand(new RestoredCommand(terminal));
    line.addSubcommand(new AttachCommand(terminal));
    line.addSubcommand(new VersionCommand(terminal));
    line.setOut(new PrintWriter(terminal.out(), true, StandardCharsets.UTF_8));
    line.setErr(new PrintWriter(terminal.err(), true, StandardCharsets.UTF_8));
    line.setUsageHelpAutoWidth(true);
    line.setExecutionExceptionHandler(
        (failure, command, result) -> {
          if (!(failure instanceof CommandFailure refused)) {
            throw failure;
          }
          refused.lines().forEach(terminal.err()::println);
          return refused.exitCode();
        });
    return line.execute(arguments);
  }
}
