package dev.weft.analysis;

import java.util.ArrayList;
import java.util.Collection;
import java.util.Comparator;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;

/** Runs every analyzer over the resources of some files, of the mesh, or of both. Stateless. */
public final class Analysis {
  /** In no particular order: findings are sorted by place. */
  private static final List<Analyzer> ANALYZERS =
      List.of(
          new SubsetAnalyzer(),
          new DestinationHostAnalyzer(),
          new HostConflictAnalyzer(),
          new GatewayAnalyzer(),
          new IngressSubsetAnalyzer(),
          new ClaimRouteAnalyzer(),
          new UnreachableRuleAnalyzer(),
          new RegexAnalyzer(),
          new WarningAnalyzer(),
          new MtlsConflictAnalyzer(),
          new UnpickedSubsetAnalyzer(),
          SelectorAnalyzer.OF_SIDECARS,
          SelectorAnalyzer.OF_TELEMETRY,
          new CallerSelectorAnalyzer(),
          new TelemetryProviderAnalyzer(),
          new GatewaySelectorAnalyzer(),
          new AuthorizationAnalyzer(),
          new CaCertificateAnalyzer(),
          new AddressesAnalyzer(),
          new ProtocolConflictAnalyzer(),
          new KeyFetchAnalyzer(),
          new DeprecationAnalyzer(),
          new ConditionAnalyzer());

  private Analysis() {}

  /** Looks at all resources together. */
  interface Analyzer {
    void analyze(DocumentSet all, List<Finding> findings);
  }

  /** The findings on these texts by themselves, by file and place. */
  public static List<Finding> of(Map<String, byte[]> texts) {
    return of(texts, List.of(), Defaults.OFFLINE);
  }

  /**
   * The findings on what is in the mesh once these texts are in force, by file and place.
   *
   * @param mesh policy in force, of which the texts replace what they name; and what runs: services
   *     as {@code Service}, instances as {@code Pod}, and {@code Namespace}
   */
  public static List<Finding> of(
      Map<String, byte[]> texts, Collection<Document> mesh, Defaults defaults) {
    List<Document> documents = new ArrayList<>();
    List<Finding> findings = new ArrayList<>();
    texts.forEach(
        (file, text) -> {
          List<Document> read = Document.read(file, text, defaults);
          documents.addAll(read);
          SchemaFindings.add(file, text, read, defaults, findings);
        });
    Set<String> written = new HashSet<>();
    documents.forEach(document -> written.add(document.kind() + document.fullName()));
    for (Document document : mesh) {
      if (!written.contains(document.kind() + document.fullName())) {
        documents.add(document);
      }
    }
    DocumentSet all = new DocumentSet(documents);
    for (Analyzer analyzer : ANALYZERS) {
      analyzer.analyze(all, findings);
    }
    findings.sort(
        Comparator.comparing(Finding::file)
            .thenComparing(finding -> finding.mark().line)
            .thenComparing(Finding::reference)
            .thenComparing(Finding::code));
    return findings;
  }
}
