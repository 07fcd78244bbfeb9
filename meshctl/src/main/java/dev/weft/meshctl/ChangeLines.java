package dev.weft.meshctl;

import dev.weft.policy.resource.ResourceKind;

/** What became of resources, one line each as kubectl prints it. */
final class ChangeLines {
  private ChangeLines() {}

  static void print(Json answer, boolean dryRun, Terminal terminal) {
    for (Json result : answer.objects("results")) {
      terminal
          .out()
          .println(name(result) + " " + result.text("action") + (dryRun ? " (dry run)" : ""));
    }
  }

  /** {@code virtualservice.networking.istio.io/orders}. */
  static String name(Json result) {
    ResourceKind kind = ResourceKind.named(result.text("kind"));
    String name = kind == null ? result.text("kind") : kind.qualifiedSingular();
    return name + "/" + result.text("name");
  }
}
