package dev.weft.meshctl.analyze;

import java.util.List;
import java.util.Locale;

/** IST0134: a ServiceEntry with a TCP port can be told from others by its addresses only. */
final class AddressesAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(List<Document> all, List<Finding> findings) {
    for (Document entry : Analysis.ofKind(all, "ServiceEntry")) {
      if (entry.spec().get("addresses").exists()) {
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
