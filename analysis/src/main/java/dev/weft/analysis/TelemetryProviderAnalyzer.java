package dev.weft.analysis;

import java.util.List;

/**
 * IST0157 and IST0002: an access log of a Telemetry that goes nowhere, since neither it nor the
 * settings of the mesh name a provider, and a provider that Istio is giving up.
 */
final class TelemetryProviderAnalyzer implements Analysis.Analyzer {
  @Override
  public void analyze(DocumentSet all, List<Finding> findings) {
    List<String> lightstep = all.meshConfig().providers("lightstep");
    boolean logged = all.meshConfig().hasDefaultAccessLog();
    for (Document telemetry : all.ofKind(Kinds.TELEMETRY)) {
      for (Node log : telemetry.spec().get("accessLogging").list()) {
        if (!logged && !log.get("disabled").isTrue() && log.get("providers").list().isEmpty()) {
          findings.add(
              Finding.warning(
                  "IST0157",
                  telemetry,
                  log,
                  "The Telemetry "
                      + telemetry.name()
                      + " in namespace \""
                      + telemetry.namespace()
                      + "\" with empty providers will be ignored."));
        }
      }
      for (Node tracing : telemetry.spec().get("tracing").list()) {
        for (Node provider : tracing.get("providers").list()) {
          Node name = provider.get("name");
          if (lightstep.contains(name.text())) {
            findings.add(
                Finding.deprecated(
                    telemetry,
                    name,
                    "The Lightstep provider "
                        + name.text()
                        + " is deprecated, please migrate to OpenTelemetry provider."));
          }
        }
      }
    }
  }
}
