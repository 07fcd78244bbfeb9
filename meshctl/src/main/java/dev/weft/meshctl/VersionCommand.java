package dev.weft.meshctl;

import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl version}. */
@Command(name = "version", description = "Shows the versions of meshctl and the control server.")
final class VersionCommand extends MeshCommand {
  @Option(names = "--client", description = "Do not ask the control server.")
  boolean clientOnly;

  VersionCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    print("Client Version: " + Version.text());
    if (clientOnly || !connection().configured(terminal())) {
      return 0;
    }
    print("Server Version: " + server().get("/v1/version").text("server"));
    return 0;
  }
}
