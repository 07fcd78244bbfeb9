package dev.weft.controlserver;

import picocli.CommandLine;
import picocli.CommandLine.Command;

/** The command line of {@code mesh-control-server.jar}. */
@Command(
    name = "mesh-control-server",
    description = "The control server of Weft: certificate authority, registry, policy.",
    subcommands = {ServeCommand.class, BackupCommand.class},
    mixinStandardHelpOptions = true,
    versionProvider = ControlServerMain.Version.class)
public final class ControlServerMain {
  private ControlServerMain() {}

  static final class Version implements CommandLine.IVersionProvider {
    @Override
    public String[] getVersion() {
      return new String[] {"mesh-control-server " + BuildVersion.TEXT};
    }
  }

  /** Exit codes: 0 stopped on request, 1 could not start or run, 2 wrong usage. */
  public static void main(String[] args) {
    System.exit(commandLine().execute(args));
  }

  static CommandLine commandLine() {
    CommandLine line = new CommandLine(new ControlServerMain());
    line.setExecutionExceptionHandler(
        (failure, command, parsed) -> {
          String message =
              failure instanceof StartupException ? failure.getMessage() : failure.toString();
          command.getErr().println("mesh-control-server: " + message);
          if (!(failure instanceof StartupException)) {
            failure.printStackTrace(command.getErr());
          }
          return 1;
        });
    line.setParameterExceptionHandler(
        (wrong, arguments) -> {
          wrong.getCommandLine().getErr().println("mesh-control-server: " + wrong.getMessage());
          wrong.getCommandLine().getErr().println("Try 'mesh-control-server serve --help'.");
          return 2;
        });
    return line;
  }
}
