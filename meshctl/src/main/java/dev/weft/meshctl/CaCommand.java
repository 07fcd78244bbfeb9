package dev.weft.meshctl;

import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl ca}. */
@Command(
    name = "ca",
    description = "Shows and replaces the root certificate of the mesh.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class CaCommand {

  /** {@code meshctl ca status}. */
  @Command(name = "status", description = "Shows the roots that the mesh trusts.")
  static final class Status extends MeshCommand {
    Status(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      show(terminal(), server().get("/v1/ca"));
      return 0;
    }
  }

  /** The steps, in order. */
  enum Step {
    prepare,
    promote,
    finish
  }

  /** {@code meshctl ca rotate}. */
  @Command(
      name = "rotate",
      description =
          "Takes a step of replacing the root: prepare (the next root is trusted), promote (it"
              + " signs), finish (the old one is trusted no more).")
  static final class Rotate extends MeshCommand {
    @Parameters(paramLabel = "STEP", description = "One of ${COMPLETION-CANDIDATES}.")
    Step step = Step.prepare;

    @Option(
        names = "--force",
        description = "Do not wait for those whom the step would cut off from the mesh.")
    boolean force;

    Rotate(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("step", step.name());
      body.put("force", force);
      show(terminal(), server().post("/v1/ca/rotate", body));
      return 0;
    }
  }

  private static void show(Terminal terminal, Json answer) {
    terminal.out().println("phase: " + answer.text("phase"));
    Table table = new Table("ROOT", "SIGNING", "EXPIRES");
    for (Json root : answer.objects("roots")) {
      table.row(List.of(root.text("fingerprint"), root.text("signing"), root.text("notAfter")));
    }
    table.print(terminal.out());
    if (!answer.text("waitsFor").isEmpty()) {
      terminal.out().println("The next step waits: " + answer.text("waitsFor"));
    }
  }
}
