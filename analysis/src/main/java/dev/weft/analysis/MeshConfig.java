package dev.weft.analysis;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import dev.weft.policy.document.YamlReader;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;

/**
 * The settings of a mesh, where the files have them: Weft's kind, or as Istio writes them, a
 * document by itself or the text under {@code mesh} of the ConfigMap {@code istio}. Some findings
 * depend on them. Immutable.
 */
record MeshConfig(List<Node> settings) {
  /** Without a kind only such a name of a field tells what a document is. */
  private static final Set<String> FIELDS =
      Set.of(
          "accessLogFile",
          "defaultConfig",
          "defaultProviders",
          "defaultServiceExportTo",
          "discoverySelectors",
          "enableAutoMtls",
          "extensionProviders",
          "meshMTLS",
          "outboundTrafficPolicy",
          "pathNormalization",
          "rootNamespace",
          "trustDomain");

  static boolean isOne(Node root) {
    return !root.get("kind").exists()
        && !root.get("apiVersion").exists()
        && root.fields().stream().anyMatch(FIELDS::contains);
  }

  static MeshConfig of(DocumentSet all) {
    List<Node> settings = new ArrayList<>();
    all.ofKind(Kinds.MESH_CONFIG).forEach(document -> settings.add(document.root()));
    all.ofKind(Kinds.WEFT_MESH_CONFIG).forEach(document -> settings.add(document.spec()));
    for (Document map : all.ofKind(Kinds.CONFIG_MAP)) {
      String text = map.root().at("data", "mesh").text();
      if (map.name().equals("istio") && !text.isEmpty()) {
        byte[] utf8 = text.getBytes(StandardCharsets.UTF_8);
        for (Value value : YamlReader.read(utf8, Problems.in(map.file()))) {
          settings.add(Node.of(value));
        }
      }
    }
    return new MeshConfig(List.copyOf(settings));
  }

  /** The namespace whose policy is for all. */
  String rootNamespace() {
    return settings.stream()
        .map(node -> node.get("rootNamespace").text())
        .filter(name -> !name.isEmpty())
        .findFirst()
        .orElse("istio-system");
  }

  /** Whether the files have any. */
  boolean isKnown() {
    return !settings.isEmpty();
  }

  /** Whether hosts of ServiceEntries get addresses by themselves. */
  boolean allocatesAddresses() {
    for (Node node : settings) {
      Node metadata = node.at("defaultConfig", "proxyMetadata");
      if (metadata.get("ISTIO_META_DNS_CAPTURE").isTrue()
          && (metadata.get("ISTIO_META_DNS_AUTO_ALLOCATE").isTrue()
              || metadata.get("PILOT_ENABLE_IP_AUTOALLOCATE").isTrue())) {
        return true;
      }
    }
    return false;
  }

  /** Whether access logs have a provider where a Telemetry names none. */
  boolean hasDefaultAccessLog() {
    return settings.stream()
        .anyMatch(node -> !node.at("defaultProviders", "accessLogging").list().isEmpty());
  }

  /** The names of the providers of a sort, such as {@code lightstep}. */
  List<String> providers(String sort) {
    List<String> names = new ArrayList<>();
    for (Node node : settings) {
      for (Node provider : node.get("extensionProviders").list()) {
        if (provider.get(sort).exists()) {
          names.add(provider.get("name").text());
        }
      }
    }
    return names;
  }
}
