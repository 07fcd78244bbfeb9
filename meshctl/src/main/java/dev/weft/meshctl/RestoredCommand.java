package dev.weft.meshctl;

import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl restored}. */
@Command(
    name = "restored",
    description =
        "Says whether the control server runs from a backup, and confirms that its state is right.")
final class RestoredCommand extends MeshCommand {
  @Option(
      names = "--confirm",
      description =
          "The state is right: what was withdrawn since the backup is withdrawn again. From then on"
              + " agents trust whom the control server trusts.")
  boolean confirm;

  RestoredCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    if (confirm) {
      server().post("/v1/restored/confirm", Map.of());
      print("confirmed");
      return 0;
    }
    String since = server().get("/v1/version").text("restored");
    print(since.isEmpty() ? "not restored" : "restored: " + since);
    return 0;
  }
}
