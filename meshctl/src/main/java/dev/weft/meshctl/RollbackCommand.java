package dev.weft.meshctl;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl rollback}. */
@Command(
    name = "rollback",
    description =
        "Puts the whole policy of an earlier version in force again, as a new version, all or"
            + " nothing.")
final class RollbackCommand extends MeshCommand {
  @Option(
      names = "--to",
      required = true,
      paramLabel = "VERSION",
      description = "The version whose policy shall be in force, as history or status shows it.")
  long version;

  @Option(names = "--dry-run", description = "Only say what would be done.")
  boolean dryRun;

  RollbackCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("version", version);
    body.put("dryRun", dryRun);
    Json answer = server().post("/v1/policy/rollback", body);
    ChangeLines.print(answer, dryRun, terminal());
    if (answer.objects("results").isEmpty()) {
      terminal().err().println("Nothing to do: the policy is that of version " + version);
    } else if (!dryRun) {
      terminal()
          .err()
          .println("Rolled back to version " + version + ", as version " + answer.text("version"));
    }
    return 0;
  }
}
