package dev.weft.agent.runtime;

import dev.weft.agent.AgentLog;
import dev.weft.agent.AgentVersion;
import dev.weft.agent.MeshThreads;
import dev.weft.agent.boot.AgentRuntime;
import dev.weft.agent.control.ControlClient;
import dev.weft.agent.control.ControlConfig;
import dev.weft.agent.control.DataPlaneMesh;
import dev.weft.agent.control.LineLog;
import dev.weft.agent.hook.HookRegistry;
import dev.weft.agent.settings.Setting;
import dev.weft.agent.settings.Settings;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.bootstrap.HookSource;
import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.policy.InstanceReport;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** The agent in service: one data plane, fed by one control client. */
public final class MeshRuntime implements AgentRuntime {
  private static final String UNNAMED = "unknown";

  /** For the start, which makes it by name. */
  public MeshRuntime() {}

  @Override
  public HookSource start(
      Settings settings,
      Instrumentation instrumentation,
      InstrumentationIndex index,
      InstrumentationReport report)
      throws Exception {
    Telemetry telemetry = Telemetry.create(OpenTelemetryAgent.create());
    TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
    String service = settings.serviceName();
    DataPlane dataPlane =
        DataPlane.builder()
            .transport(transport)
            .telemetry(telemetry, service == null ? UNNAMED : service)
            .denyWithoutPolicy(settings.denyOnAgentFailure())
            .build();
    ControlConfig config = control(settings);
    MeshThreads.create("telemetry-start", () -> observe(settings, config, telemetry)).start();
    if (config != null) {
      ControlClient client =
          ControlClient.start(
              config,
              DataPlaneMesh.of(transport, dataPlane.snapshots()::apply),
              dataPlane.ports(),
              () -> instrumentation(report),
              LineLog.stderr());
      client.awaitFirst(settings.startWaitMillis());
    }
    return HookRegistry.of(index, report, dataPlane, instrumentation);
  }

  private static @Nullable ControlConfig control(Settings settings) {
    String server = settings.controlServer();
    String service = settings.serviceName();
    if (server == null || service == null) {
      return null;
    }
    return ControlConfig.builder(server, service)
        .namespace(settings.namespace())
        .serviceAccount(settings.serviceAccount())
        .labels(settings.labels())
        .locality(settings.locality())
        .joinToken(settings.get(Setting.JOIN_TOKEN))
        .joinTokenFile(path(settings.get(Setting.JOIN_TOKEN_FILE)))
        .cacheDir(path(settings.get(Setting.CACHE_DIR)))
        .advertiseHost(settings.get(Setting.ADVERTISE_HOST))
        .servicePort(settings.servicePort())
        .agentVersion(AgentVersion.text())
        .build();
  }

  private static void observe(
      Settings settings, @Nullable ControlConfig config, Telemetry telemetry) {
    String service = settings.serviceName();
    String log = settings.get(Setting.ACCESS_LOG);
    telemetry.start(
        TelemetryConfig.builder(service == null ? UNNAMED : service, settings.namespace())
            .instanceId(config == null ? "" : config.instanceId())
            .metrics(
                settings.metricsHost(), settings.metricsPort() > 0 ? settings.metricsPort() : -1)
            .accessLog(log == null ? "off" : log)
            .threads(MeshThreads.factory("telemetry"))
            .log(AgentLog::line)
            .build());
    try {
      Runtime.getRuntime()
          .addShutdownHook(MeshThreads.create("telemetry-shutdown", telemetry::close));
    } catch (IllegalStateException e) {
      // The JVM is ending already.
      telemetry.close();
    }
  }

  private static List<InstanceReport.Instrumentation> instrumentation(
      InstrumentationReport report) {
    List<InstanceReport.Instrumentation> all = new ArrayList<>();
    for (InstrumentationReport.Entry entry : report.entries()) {
      for (InstanceReport.Instrumentation.State state :
          InstanceReport.Instrumentation.State.values()) {
        if (state.text().equals(entry.state())) {
          all.add(
              InstanceReport.Instrumentation.of(
                  entry.name(), entry.library(), entry.version(), state, entry.reason()));
        }
      }
    }
    return Collections.unmodifiableList(all);
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Paths.get(text);
  }
}
