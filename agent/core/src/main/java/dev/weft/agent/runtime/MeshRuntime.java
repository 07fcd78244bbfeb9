package dev.weft.agent.runtime;

import dev.weft.agent.AgentLog;
import dev.weft.agent.AgentVersion;
import dev.weft.agent.MeshThreads;
import dev.weft.agent.boot.AgentRuntime;
import dev.weft.agent.control.ControlClient;
import dev.weft.agent.control.ControlConfig;
import dev.weft.agent.control.DataPlaneMesh;
import dev.weft.agent.control.LineLog;
import dev.weft.agent.control.ReportSource;
import dev.weft.agent.hook.HookRegistry;
import dev.weft.agent.settings.Setting;
import dev.weft.agent.settings.Settings;
import dev.weft.agent.weave.InstrumentationIndex;
import dev.weft.agent.weave.InstrumentationReport;
import dev.weft.agent.weave.Obstacle;
import dev.weft.bootstrap.HookSource;
import dev.weft.dataplane.DataPlane;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.dataplane.telemetry.Telemetry;
import dev.weft.dataplane.telemetry.TelemetryConfig;
import dev.weft.policy.InstrumentationStatus;
import java.lang.instrument.Instrumentation;
import java.nio.file.Path;
import java.nio.file.Paths;
import java.time.Clock;
import java.util.ArrayList;
import java.util.Arrays;
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
    ControlConfig config = control(settings);
    DataPlane dataPlane =
        DataPlane.builder()
            .own(
                OwnInstance.of(
                    config == null ? "" : config.instanceId(),
                    settings.locality(),
                    settings.labels()))
            .transport(transport)
            .telemetry(telemetry, service == null ? UNNAMED : service)
            .denyWithoutPolicy(settings.denyOnAgentFailure())
            .log(AgentLog::line)
            .build();
    telemetry
        .meters()
        .info(
            "weft_instrumentation_info",
            "Libraries found and whether they are instrumented",
            () -> seen(report),
            "unit",
            "library",
            "version",
            "state",
            "reason");
    MeshThreads.create("telemetry-start", () -> observe(settings, config, telemetry)).start();
    if (config != null) {
      ControlClient client =
          ControlClient.start(
              config,
              DataPlaneMesh.of(transport, dataPlane.snapshots()::apply, dataPlane::explain),
              dataPlane.ports(),
              new ReportSource() {
                @Override
                public List<InstrumentationStatus> instrumentation() {
                  return MeshRuntime.instrumentation(report);
                }

                @Override
                public @Nullable Boolean ready() {
                  return dataPlane.ready();
                }
              },
              LineLog.stderr());
      report.onMissingGuard(client::reportChanged);
      dataPlane.onReadiness(client::reportChanged);
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
        .cacheDir(path(settings.cacheDir()))
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

  private static List<InstrumentationStatus> instrumentation(InstrumentationReport report) {
    List<InstrumentationStatus> all = new ArrayList<>();
    for (InstrumentationReport.Entry entry : report.entries()) {
      String name = entry.name();
      String library = entry.library();
      String version = entry.version();
      String reason = entry.reason();
      if (version == null) {
        all.add(InstrumentationStatus.notSeen(name, library, entry.isGuard()));
      } else if (reason == null) {
        all.add(InstrumentationStatus.applied(name, library, version, entry.isGuard()));
      } else {
        all.add(
            InstrumentationStatus.notApplied(
                name, library, version, obstacle(entry), reason, entry.isGuard()));
      }
    }
    return Collections.unmodifiableList(all);
  }

  /** Label values of the metric: a row for each library seen. */
  private static List<List<String>> seen(InstrumentationReport report) {
    List<List<String>> rows = new ArrayList<>();
    for (InstrumentationReport.Entry entry : report.entries()) {
      String version = entry.version();
      if (version != null) {
        rows.add(
            Arrays.asList(entry.name(), entry.library(), version, entry.state(), obstacle(entry)));
      }
    }
    return rows;
  }

  private static String obstacle(InstrumentationReport.Entry entry) {
    Obstacle obstacle = entry.obstacle();
    return obstacle == null ? "" : obstacle.text();
  }

  private static @Nullable Path path(@Nullable String text) {
    return text == null ? null : Paths.get(text);
  }
}
