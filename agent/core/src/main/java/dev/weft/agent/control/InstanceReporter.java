package dev.weft.agent.control;

import dev.weft.dataplane.LocalPorts;
import dev.weft.policy.InstanceReport;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.net.InetAddress;
import java.nio.file.Files;
import java.nio.file.Paths;
import java.time.Instant;

/** Describes this process to the control server. Thread-safe. */
final class InstanceReporter {

  private final ControlConfig config;
  private final AgentState state;
  private final LocalPorts ports;
  private final ReportSource source;
  private final String jvm;
  private final long pid;
  private final String startedAt;

  InstanceReporter(
      ControlConfig config,
      AgentState state,
      LocalPorts ports,
      ReportSource source,
      Instant startedAt) {
    this.config = config;
    this.state = state;
    this.ports = ports;
    this.source = source;
    this.jvm =
        System.getProperty("java.vendor", "?") + " " + System.getProperty("java.version", "?");
    this.pid = pid();
    this.startedAt = startedAt.toString();
  }

  /**
   * The report as of now.
   *
   * @param local this machine's end of the connection to the control server: others reach this
   *     process there, unless {@code mesh.advertise-host} says otherwise
   */
  InstanceReport report(InetAddress local) {
    int port = config.servicePort > 0 ? config.servicePort : ports.first();
    AgentIdentity identity = state.identity();
    InstanceReport.Builder report =
        InstanceReport.builder()
            .service(config.service)
            .namespace(config.namespace)
            .serviceAccount(config.serviceAccount)
            .labels(config.labels)
            .locality(config.locality)
            .address(address(local))
            .port(port)
            .mtls(mtls(port))
            .agentVersion(config.agentVersion)
            .jvm(jvm)
            .pid(pid)
            .startedAt(startedAt)
            .snapshotVersion(state.version())
            .snapshotError(state.reportedError())
            .ready(source.ready())
            .instrumentation(source.instrumentation());
    if (identity != null) {
      report.certificateNotAfter(identity.svid.notAfter().toString());
    }
    return report.build();
  }

  /**
   * Whether mesh mTLS is accepted there: woven, with an identity, and not switched off by policy.
   */
  private boolean mtls(int port) {
    int listening = listening(port);
    return port > 0
        && state.hasIdentity()
        && ports.acceptsMesh(listening)
        && state.acceptsMesh(listening);
  }

  /**
   * A port that is mapped from outside is not one on which the container listens; then its first
   * one is meant.
   */
  private int listening(int advertised) {
    return ports.acceptsMesh(advertised) ? advertised : ports.first();
  }

  private String address(InetAddress local) {
    String advertised = config.advertiseHost;
    if (advertised != null && !advertised.isEmpty()) {
      return advertised;
    }
    String text = local.getHostAddress();
    int scope = text.indexOf('%');
    return scope < 0 ? text : text.substring(0, scope);
  }

  /**
   * Without JMX where it can be helped: loading that costs more than all the rest of the report.
   */
  private static long pid() {
    try {
      return Long.parseLong(
          String.valueOf(Files.readSymbolicLink(Paths.get("/proc/self")).getFileName()));
    } catch (IOException | RuntimeException e) {
      String name = ManagementFactory.getRuntimeMXBean().getName();
      int at = name.indexOf('@');
      try {
        return Long.parseLong(at < 0 ? name : name.substring(0, at));
      } catch (NumberFormatException unknown) {
        return 0;
      }
    }
  }
}
