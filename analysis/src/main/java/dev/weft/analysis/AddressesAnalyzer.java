package dev.weft.analysis;

import java.util.List;
import java.util.Locale;

/** IST0134: a ServiceEntry with a TCP port can be told from others by its addresses only. */
final class AddressesAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    if (all.meshConfig().allocatesAddresses()) {
      return;
    }
    for (Document entry : all.ofKind(Kinds.SERVICE_ENTRY)) {
      if (!entry.spec().get("addresses").list().isEmpty()
          || !entry.root().at("status", "addresses").list().isEmpty()) {
        continue;
      }
      for (Node port : entry.spec().get("ports").list()) {
        String protocol = port.get("protocol").text().toUpperCase(Locale.ROOT);
        if (protocol.isEmpty() || protocol.equals("TCP")) {
          findings.add(
              Finding.warning(
                  "IST0134",
                  entry,
                  port,
                  "ServiceEntry addresses are required for this protocol."));
        }
      }
    }
  }
}
