package dev.weft.analysis;

import com.google.re2j.Pattern;
import com.google.re2j.PatternSyntaxException;
import java.util.List;

/** IST0122: expressions of a VirtualService that RE2 does not take. */
final class RegexAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    for (Document service : all.ofKind(Kinds.VIRTUAL_SERVICE)) {
      for (Node rule : service.spec().get("http").list()) {
        for (Node match : rule.get("match").list()) {
          for (String part : List.of("uri", "scheme", "method", "authority")) {
            check(service, match.get(part), part, findings);
          }
          for (String part : List.of("headers", "queryParams")) {
            for (String name : match.get(part).fields()) {
              check(service, match.at(part, name), part, findings);
            }
          }
        }
        for (Node origin : rule.at("corsPolicy", "allowOrigins").list()) {
          check(service, origin, "corsPolicy.allowOrigins", findings);
        }
      }
    }
  }

  private static void check(Document service, Node match, String where, List<Finding> findings) {
    Node regex = match.get("regex");
    try {
      Pattern.compile(regex.text());
    } catch (PatternSyntaxException e) {
      String message =
          "Field \""
              + where
              + "\" regular expression invalid: \""
              + regex.text()
              + "\" ("
              + e.getMessage()
              + ")";
      findings.add(Finding.warning("IST0122", service, regex, message));
    }
  }
}
