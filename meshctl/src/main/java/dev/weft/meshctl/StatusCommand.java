package dev.weft.meshctl;

import dev.weft.policy.resource.Resource;
import java.util.ArrayList;
import java.util.List;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl status}: every instance, what it runs on and what it has instrumented. */
@Command(name = "status", description = "Shows every instance of the mesh and how it is doing.")
final class StatusCommand extends MeshCommand {
  /** Ways to show the instances. */
  enum Output {
    table,
    wide,
    json,
    yaml
  }

  @Option(
      names = {"-o", "--output"},
      description = "One of ${COMPLETION-CANDIDATES}. Default: ${DEFAULT-VALUE}")
  Output output = Output.table;

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace. Default: every one")
  String namespace = "*";

  StatusCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    Json answer = server().get("/v1/instances?namespace=" + ControlServer.encode(namespace));
    List<Json> instances = answer.objects("items");
    if (output == Output.json) {
      print(Json.pretty(answer.map()));
      return 0;
    }
    if (output == Output.yaml) {
      terminal().out().print(Resource.toYaml(answer.map()));
      return 0;
    }
    policyDirectory(answer.object("policyDirectory"));
    answer.objects("issuerKeys").forEach(this::issuerKeys);
    if (instances.isEmpty()) {
      terminal().err().println("No instances found.");
      return 0;
    }
    table(instances, answer.number("version"));
    if (output == Output.wide) {
      libraries(instances);
    }
    for (Json instance : instances) {
      notes(instance);
    }
    return 0;
  }

  /** In front of everything: while it is refused, nobody's changes there come into force. */
  private void policyDirectory(Json source) {
    if (!source.has("directory") || source.flag("inForce")) {
      return;
    }
    String since = Ages.since(source.text("since"), terminal().clock());
    print(
        "The policy directory "
            + Table.plain(source.text("directory"))
            + " is not in force since "
            + since
            + "; the last good policy is:");
    source.texts("problems").forEach(problem -> print("  " + Table.plain(problem)));
  }

  private void issuerKeys(Json source) {
    if (!source.text("problem").isEmpty()) {
      print(
          "Keys of tokens are not up to date: "
              + Table.plain(source.text("problem"))
              + (source.number("keys") == 0
                  ? "; tokens of that issuer are refused"
                  : "; those fetched last are in force"));
    }
  }

  private void table(List<Json> instances, long version) {
    List<String> heads =
        new ArrayList<>(
            List.of(
                "NAMESPACE",
                "SERVICE",
                "VERSION",
                "INSTANCE",
                "STATE",
                "IDENTITY",
                "CERTIFICATE",
                "POLICY",
                "INSTRUMENTED"));
    if (output == Output.wide) {
      heads.addAll(List.of("ADDRESS", "LOCALITY", "AGENT", "JVM", "PID", "AGE"));
    }
    Table table = new Table(heads.toArray(String[]::new));
    for (Json each : instances) {
      List<String> cells = new ArrayList<>();
      cells.add(each.text("namespace"));
      cells.add(each.text("service"));
      cells.add(each.object("labels").text("version"));
      cells.add(each.text("instanceId"));
      cells.add(state(each));
      cells.add(each.text("spiffeId"));
      cells.add(Ages.until(each.text("certificateNotAfter"), terminal().clock()));
      cells.add(policy(each, version));
      cells.add(instrumented(each));
      if (output == Output.wide) {
        boolean answers = each.number("port") > 0;
        cells.add(answers ? each.text("address") + ":" + each.text("port") : "");
        cells.add(each.text("locality"));
        cells.add(each.text("agentVersion"));
        cells.add(each.text("jvm"));
        cells.add(each.text("pid"));
        cells.add(Ages.since(each.text("startedAt"), terminal().clock()));
      }
      table.row(cells);
    }
    table.print(terminal().out());
  }

  private static String state(Json instance) {
    boolean watching = !instance.has("watching") || instance.flag("watching");
    String state = instance.text("state");
    if (!state.equals("live")) {
      return state;
    }
    return state + (watching ? "" : ", not watching") + (isReady(instance) ? "" : ", not ready");
  }

  private static boolean isReady(Json instance) {
    return !instance.has("ready") || instance.flag("ready");
  }

  private static String policy(Json instance, long version) {
    long acked = instance.number("ackedVersion");
    if (instance.has("nack")) {
      return acked + ", refuses newer";
    }
    if (acked == 0) {
      return "none yet";
    }
    return acked >= version ? acked + " (current)" : acked + " (of " + version + ")";
  }

  private static String instrumented(Json instance) {
    List<String> applied = new ArrayList<>();
    for (Json each : instance.objects("instrumentation")) {
      if (each.text("state").equals("applied")) {
        applied.add(each.text("name"));
      }
    }
    return String.join(",", applied);
  }

  /** What was found in each instance, and what became of it: a row per library. */
  private void libraries(List<Json> instances) {
    Table table =
        new Table(
            "NAMESPACE", "SERVICE", "INSTANCE", "LIBRARY", "VERSION", "UNIT", "STATE", "REASON");
    boolean any = false;
    for (Json instance : instances) {
      for (Json each : instance.objects("instrumentation")) {
        if (!each.text("state").equals("not-seen")) {
          any = true;
          table.row(
              List.of(
                  instance.text("namespace"),
                  instance.text("service"),
                  instance.text("instanceId"),
                  each.text("library"),
                  each.text("version"),
                  each.text("name"),
                  each.text("state"),
                  each.text("reason")));
        }
      }
    }
    if (any) {
      print("");
      table.print(terminal().out());
    }
  }

  /** What is wrong with an instance, and what is not instrumented and why. */
  private void notes(Json instance) {
    List<String> lines = new ArrayList<>();
    if (instance.has("nack")) {
      lines.add("refuses the policy: " + instance.text("nack"));
    } else if (instance.has("snapshotError")) {
      lines.add("refuses the policy: " + instance.text("snapshotError"));
    }
    if (instance.has("unguarded")) {
      lines.add(
          isReady(instance)
              ? "not secured: calls come in unchecked, as mesh.on-agent-failure tells: "
                  + instance.text("unguarded")
              : "not ready: STRICT, and calls would come in unchecked: "
                  + instance.text("unguarded"));
    }
    List<String> notSeen = new ArrayList<>();
    for (Json each : instance.objects("instrumentation")) {
      String what = each.text("name");
      String library = (each.text("library") + " " + each.text("version")).trim();
      boolean wide = output == Output.wide;
      if (!wide && each.text("state").equals("not-applied")) {
        lines.add("not instrumented: " + what + " (" + library + "): " + each.text("reason"));
      } else if (wide && each.text("state").equals("not-seen")) {
        notSeen.add(what);
      }
    }
    if (!notSeen.isEmpty()) {
      lines.add("not instrumented: " + String.join(", ", notSeen) + ": library not loaded so far");
    }
    if (!lines.isEmpty()) {
      print("");
      print(instance.text("service") + " " + instance.text("instanceId") + ":");
      lines.forEach(line -> print("  " + Table.plain(line)));
    }
  }
}
