package dev.weft.analysis;

import java.util.ArrayList;
import java.util.List;

/** The destinations that a VirtualService sends requests or copies to. Pure functions. */
final class Destinations {
  /**
   * One of them.
   *
   * @param mirror whether it gets copies only
   */
  record Destination(Node node, boolean mirror) {
    Node host() {
      return node.get("host");
    }

    String port() {
      return node.at("port", "number").text();
    }
  }

  private Destinations() {}

  static List<Destination> of(Document virtualService) {
    List<Destination> all = new ArrayList<>();
    for (String protocol : List.of("tcp", "tls", "http")) {
      for (Node rule : virtualService.spec().get(protocol).list()) {
        rule.get("route").list().forEach(each -> add(each.get("destination"), false, all));
        add(rule.get("mirror"), true, all);
        rule.get("mirrors").list().forEach(each -> add(each.get("destination"), true, all));
      }
    }
    return all;
  }

  private static void add(Node destination, boolean mirror, List<Destination> all) {
    if (!destination.get("host").text().isEmpty()) {
      all.add(new Destination(destination, mirror));
    }
  }
}
