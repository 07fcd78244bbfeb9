package dev.weft.meshctl;

import java.util.LinkedHashMap;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl identity}. */
@Command(
    name = "identity",
    description = "Withdraws identities from trust and restores them.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class IdentityCommand {

  /** {@code meshctl identity withdraw}. */
  @Command(
      name = "withdraw",
      description = "Takes an identity out of trust: no new certificate, live connections closed.")
  static final class Withdraw extends MeshCommand {
    @Parameters(paramLabel = "SPIFFE-ID", description = "Such as spiffe://cluster.local/ns/a/sa/b.")
    String spiffeId = "";

    @Option(names = "--reason", paramLabel = "TEXT", description = "Why, for the record.")
    String reason = "";

    Withdraw(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("spiffeId", spiffeId);
      body.put("reason", reason);
      server().post("/v1/identities/withdraw", body);
      print("identity \"" + spiffeId + "\" withdrawn");
      return 0;
    }
  }

  /** {@code meshctl identity restore}. */
  @Command(name = "restore", description = "Takes a withdrawn identity back into trust.")
  static final class Restore extends MeshCommand {
    @Parameters(paramLabel = "SPIFFE-ID", description = "Such as spiffe://cluster.local/ns/a/sa/b.")
    String spiffeId = "";

    Restore(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("spiffeId", spiffeId);
      server().post("/v1/identities/restore", body);
      print("identity \"" + spiffeId + "\" restored");
      return 0;
    }
  }

  /** {@code meshctl identity list}. */
  @Command(name = "list", description = "Shows the identities that are withdrawn.")
  static final class List extends MeshCommand {
    List(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      java.util.List<Json> items = server().get("/v1/identities/withdrawn").objects("items");
      if (items.isEmpty()) {
        terminal().err().println("No identities are withdrawn.");
        return 0;
      }
      Table table = new Table("IDENTITY", "WITHDRAWN", "REASON");
      for (Json each : items) {
        String since = Ages.since(each.text("since"), terminal().clock());
        table.row(java.util.List.of(each.text("spiffeId"), since, each.text("reason")));
      }
      table.print(terminal().out());
      return 0;
    }
  }
}
