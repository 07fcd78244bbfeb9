package dev.weft.meshctl.analyze;

import dev.weft.policy.document.Mark;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.Map;

/** Runs every analyzer over the resources of some files. Stateless. */
public final class Analysis {
  /** In no particular order: findings are sorted by place. */
  private static final List<Analyzer> ANALYZERS =
      List.of(
          new SubsetAnalyzer(),
          new HostConflictAnalyzer(),
          new UnreachableRuleAnalyzer(),
          SelectorAnalyzer.OF_SIDECARS,
          SelectorAnalyzer.OF_TELEMETRY,
          new CaCertificateAnalyzer(),
          new AddressesAnalyzer());

  private Analysis() {}

  /** Looks at all resources together. */
  interface Analyzer {
    void analyze(List<Document> all, List<Finding> findings);
  }

  /** The findings on these texts, by file and place. */
  public static List<Finding> of(Map<String, byte[]> texts) {
    List<Document> documents = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    texts.forEach(
        (file, text) -> {
          List<Document> read = Document.read(file, text);
          documents.addAll(read);
          SchemaFindings.add(file, text, read, findings);
        });
    for (Analyzer analyzer : ANALYZERS) {
      analyzer.analyze(documents, findings);
    }
    findings.sort(
        Comparator.comparing(Finding::file)
            .thenComparing(finding -> line(finding.mark()))
            .thenComparing(Finding::code));
    return findings;
  }

  private static int line(Mark mark) {
    return mark.line;
  }

  static List<Document> ofKind(List<Document> all, String kind) {
    return all.stream().filter(each -> each.kind().equals(kind)).toList();
  }
}
