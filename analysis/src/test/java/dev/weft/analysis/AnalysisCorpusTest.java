package dev.weft.analysis;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/**
 * Compares findings with those that Istio's own analyzers are tested for, over published documents
 * that are not part of the project: {@code -Dweft.corpus=DIR} or {@code WEFT_CORPUS}. A set is
 * about one analyzer, so only that one's codes count in it.
 */
final class AnalysisCorpusTest {
  /** Codes of the analyzers that are not about Kubernetes or sidecars alone. */
  private static final Map<String, Set<String>> CODES =
      Map.ofEntries(
          Map.entry("sidecar.SelectorAnalyzer", Set.of("IST0101", "IST0110", "IST0111", "IST0167")),
          Map.entry("sidecar.DefaultSelectorAnalyzer", Set.of("IST0111", "IST0167")),
          Map.entry("telemetry.SelectorAnalyzer", Set.of("IST0101", "IST0159", "IST0160")),
          Map.entry("telemetry.DefaultSelectorAnalyzer", Set.of("IST0160")),
          Map.entry("telemetry.ProviderAnalyzer", Set.of("IST0157")),
          Map.entry("telemetry.LightstepAnalyzer", Set.of("IST0002")),
          Map.entry("deprecation.FieldAnalyzer", Set.of("IST0002")),
          Map.entry("virtualservice.ConflictingMeshGatewayHostsAnalyzer", Set.of("IST0109")),
          Map.entry("virtualservice.DestinationRuleAnalyzer", Set.of("IST0101")),
          Map.entry(
              "virtualservice.DestinationHostAnalyzer", Set.of("IST0101", "IST0112", "IST0140")),
          Map.entry("virtualservice.GatewayAnalyzer", Set.of("IST0101", "IST0132", "IST0165")),
          Map.entry("virtualservice.JWTClaimRouteAnalyzer", Set.of("IST0149")),
          Map.entry("authz.AuthorizationPoliciesAnalyzer", Set.of("IST0101", "IST0127")),
          Map.entry("authn.BlockedCIDRsAnalyzer", Set.of("IST0175")),
          Map.entry("conditions.ConditionAnalyzer", Set.of("IST0171")),
          Map.entry("k8sgateway.SelectorAnalyzer", Set.of("IST0166")),
          Map.entry("destinationrule.CaCertificateAnalyzer", Set.of("IST0128", "IST0129")),
          Map.entry("destinationrule.PodNotSelectedAnalyzer", Set.of("IST0173", "IST0174")),
          Map.entry("serviceentry.ProtocolAddressesAnalyzer", Set.of("IST0134")),
          Map.entry("serviceentry.ConflictingServiceEntryProtocolAnalyzer", Set.of("IST0177")),
          Map.entry("schemaValidation.CollectionValidationAnalyzer", Set.of("IST0130", "IST0131")));

  @Test
  void findsWhatIstioFinds() throws IOException {
    String directory = System.getProperty("weft.corpus", System.getenv("WEFT_CORPUS"));
    assumeTrue(directory != null, "no corpus: set WEFT_CORPUS to its folder to run this check");
    List<Path> sets;
    try (Stream<Path> found = Files.list(Path.of(directory).resolve("analysis-sets"))) {
      sets = found.filter(Files::isDirectory).sorted().toList();
    }
    int right = 0;
    int without = 0;
    List<String> wrong = new ArrayList<>();
    for (Path set : sets) {
      Map<String, Object> expected =
          JSON.std.mapFrom(Files.readString(set.resolve("expected.json")));
      Set<String> codes = CODES.get(String.valueOf(expected.get("analyzer")));
      if (codes == null) {
        without++;
        continue;
      }
      List<String> wanted = wanted(expected);
      List<String> found = found(set, codes);
      if (wanted.equals(found)) {
        right++;
      } else {
        wrong.add(set.getFileName() + ": " + found + " instead of " + wanted);
      }
    }
    System.out.println(
        "analysis: of "
            + sets.size()
            + " sets "
            + right
            + " as Istio, "
            + without
            + " of analyzers that there are none of");
    assertThat(wrong).isEmpty();
    assertThat(right).isPositive();
  }

  private static List<String> wanted(Map<String, Object> expected) {
    Set<String> wanted = new TreeSet<>();
    for (Object each : (List<?>) expected.get("expected")) {
      Map<?, ?> message = (Map<?, ?>) each;
      wanted.add(
          message.get("code")
              + " "
              + message.get("level")
              + " "
              + named(String.valueOf(message.get("resource"))));
    }
    return List.copyOf(wanted);
  }

  private static List<String> found(Path set, Set<String> codes) throws IOException {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    try (Stream<Path> files = Files.list(set)) {
      for (Path file : files.filter(each -> each.toString().endsWith(".yaml")).sorted().toList()) {
        texts.put(file.getFileName().toString(), Files.readAllBytes(file));
      }
    }
    Set<String> found = new TreeSet<>();
    for (Finding each : Analysis.of(texts)) {
      if (codes.contains(each.code())) {
        found.add(each.code() + " " + each.level().text() + " " + named(each.reference()));
      }
    }
    return List.copyOf(found);
  }

  /** The corpus leaves out the namespace where the document names none. */
  private static String named(String reference) {
    return reference.replace(" default/", " ");
  }
}
