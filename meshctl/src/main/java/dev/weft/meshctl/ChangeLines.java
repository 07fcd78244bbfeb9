package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;

/** What became of resources, one line each as kubectl prints it. */
final class ChangeLines {
  private ChangeLines() {}

  static void print(Json answer, boolean dryRun, Terminal terminal) {
    printWarnings(answer, terminal);
    for (Json result : answer.objects("results")) {
      terminal
          .out()
          .println(name(result) + " " + result.text("action") + (dryRun ? " (dry run)" : ""));
    }
  }

  /** What is accepted and has no effect, on standard error as kubectl prints it. */
  static void printWarnings(Json answer, Terminal terminal) {
    for (Json warning : answer.objects("warnings")) {
      terminal.err().println("Warning: " + Table.plain(Problems.line(warning)));
    }
  }

  /** {@code virtualservice.networking.istio.io/orders}. */
  static String name(Json result) {
    ResourceKind kind = ResourceKind.named(result.text("kind"));
    String name = kind == null ? result.text("kind") : kind.qualifiedSingular();
    return name + "/" + result.text("name");
  }
}
