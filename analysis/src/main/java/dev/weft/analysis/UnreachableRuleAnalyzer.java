package dev.weft.analysis;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;

/**
 * IST0130 and IST0131: rules and matches of a VirtualService that no request gets to, because an
 * earlier one takes it: the same match, or a prefix that covers this one with conditions no
 * narrower.
 */
final class UnreachableRuleAnalyzer implements Analysis.Analyzer {
  /**
   * A match of an earlier rule.
   *
   * @param prefix of the path, empty for another condition on it
   */
  private record Seen(String rule, Node match, Map<String, Object> asked, String prefix) {}

  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      for (String protocol : List.of("http", "tcp", "tls")) {
        rules(service, service.spec().get(protocol).list(), findings);
      }
    }
  }

  private static void rules(Document service, List<Node> rules, List<Finding> findings) {
    List<Seen> seen = new ArrayList<>();
    boolean open = false;
    for (int i = 0; i < rules.size(); i++) {
      Node rule = rules.get(i);
      String name = name(rule, i);
      List<Node> matches = rule.get("match").list();
      if (matches.isEmpty()) {
        if (open) {
          findings.add(unreachable(service, rule, name, "only the last rule can have no matches"));
        }
        open = true;
        continue;
      }
      if (open) {
        String reason = "route without matches defined before";
        findings.add(unreachable(service, rule, name, reason));
        continue;
      }
      int duplicates = 0;
      for (int m = 0; m < matches.size(); m++) {
        Node match = matches.get(m);
        Map<String, Object> asked = asked(match);
        String prefix = match.at("uri", "prefix").text();
        for (Seen earlier : seen) {
          boolean same = earlier.asked().equals(asked);
          if (same || covers(earlier, match, prefix)) {
            duplicates += same ? 1 : 0;
            findings.add(ineffective(service, match, name, name(match, m), earlier.rule()));
            break;
          }
        }
        seen.add(new Seen(name, match, asked, prefix));
      }
      if (duplicates == matches.size()) {
        findings.add(unreachable(service, rule, name, "all matches used by prior rules"));
      }
    }
  }

  /** What a match asks of a request: its name is for people. */
  private static Map<String, Object> asked(Node match) {
    Map<String, Object> asked = new LinkedHashMap<>();
    for (String field : match.fields()) {
      if (!field.equals("name")) {
        asked.put(field, match.get(field).plain());
      }
    }
    return asked;
  }

  /** Only of two prefixes is it said, as Istio does; everything else is asked to be the same. */
  private static boolean covers(Seen seen, Node later, String narrow) {
    if (seen.prefix().isEmpty() || !narrow.startsWith(seen.prefix())) {
      return false;
    }
    Node earlier = seen.match();
    for (String field : List.of("method", "authority", "scheme")) {
      Node wanted = earlier.get(field);
      if (wanted.exists() && !Objects.equals(wanted.plain(), later.get(field).plain())) {
        return false;
      }
    }
    for (String field :
        List.of(
            "port",
            "headers",
            "withoutHeaders",
            "queryParams",
            "ignoreUriCase",
            "sourceLabels",
            "sourceNamespace",
            "gateways")) {
      if (!Objects.equals(earlier.get(field).plain(), later.get(field).plain())) {
        return false;
      }
    }
    return true;
  }

  private static String name(Node node, int index) {
    String name = node.get("name").text();
    return name.isEmpty() ? "#" + index : "\"" + name + "\"";
  }

  private static Finding unreachable(Document service, Node where, String rule, String reason) {
    return Finding.warning(
        "IST0130", service, where, "VirtualService rule " + rule + " not used (" + reason + ").");
  }

  private static Finding ineffective(
      Document service, Node where, String rule, String match, String earlier) {
    return Finding.info(
        "IST0131",
        service,
        where,
        "VirtualService rule "
            + rule
            + " match "
            + match
            + " is not used (duplicate/overlapping match in rule "
            + earlier
            + ").");
  }
}
