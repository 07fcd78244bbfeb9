package dev.weft.controlserver.api;

import dev.weft.controlserver.Metrics;
import dev.weft.controlserver.ServerSettings;
import dev.weft.controlserver.analysis.MeshAnalysis;
import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.ca.SvidTrust;
import dev.weft.controlserver.compile.RouteStatus;
import dev.weft.controlserver.identity.AdminTokens;
import dev.weft.controlserver.identity.FailureLimit;
import dev.weft.controlserver.identity.JoinTokens;
import dev.weft.controlserver.identity.WithdrawnIdentities;
import dev.weft.controlserver.identity.Workloads;
import dev.weft.controlserver.jwks.IssuerKeys;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.push.Questions;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.resource.PolicyDirectory;
import dev.weft.controlserver.resource.PolicyHistory;
import dev.weft.controlserver.resource.PolicyStore;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.RunHistory;
import java.net.InetSocketAddress;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** The REST API put together from the parts of the server. */
public final class Api {
  private static final int FAILED_JOINS_PER_MINUTE = 30;

  private static final int REFUSALS_LOGGED_PER_MINUTE = 60;

  private Api() {}

  /** Everything the endpoints work on. */
  public record Parts(
      ServerSettings settings,
      Path adminTokenFile,
      MeshStore store,
      RunHistory history,
      CertificateAuthority authority,
      AdminTokens adminTokens,
      JoinTokens joinTokens,
      WithdrawnIdentities withdrawn,
      Workloads workloads,
      PolicyStore policy,
      PolicyHistory policyHistory,
      @Nullable PolicyDirectory policyDirectory,
      IssuerKeys issuerKeys,
      Mesh mesh,
      Registry registry,
      WatchHub hub,
      Metrics metrics,
      Clock clock,
      LongSupplier nanoTime,
      Consumer<String> auditSink) {}

  /** A server for {@code parts} that does not listen yet. */
  public static ApiServer assemble(Parts parts, InetSocketAddress listen, ServerTls tls) {
    AuditLog audit = new AuditLog(parts.clock(), parts.auditSink());
    String restored = parts.history().restored();
    if (restored != null) {
      RestoreApi.say(audit, "start", "-", restored);
    }
    SvidTrust trust = new SvidTrust(parts.authority(), parts.clock());
    return ApiServer.of(
        listen,
        tls,
        trust,
        endpoints(parts, audit),
        new CallerCheck(parts.adminTokens(), trust, parts.withdrawn()),
        audit,
        new FailureLimit(REFUSALS_LOGGED_PER_MINUTE, parts.nanoTime()),
        parts.settings().limits());
  }

  private static List<Endpoint> endpoints(Parts parts, AuditLog audit) {
    List<Endpoint> all = new ArrayList<>();
    OutdatedInstances outdated = new OutdatedInstances(parts.registry());
    all.addAll(
        new JoinApi(
                parts.authority(),
                parts.joinTokens(),
                parts.withdrawn(),
                parts.mesh(),
                new FailureLimit(FAILED_JOINS_PER_MINUTE, parts.nanoTime()),
                parts.settings().leafLife(),
                audit,
                parts.metrics())
            .endpoints());
    all.addAll(
        new AgentApi(
                parts.mesh(),
                parts.history(),
                parts.registry(),
                parts.workloads(),
                parts.hub(),
                outdated,
                parts.settings().lease(),
                parts.metrics(),
                audit)
            .endpoints());
    all.addAll(
        new OperatorApi(
                parts.mesh(),
                parts.history(),
                parts.registry(),
                parts.policyDirectory(),
                parts.issuerKeys(),
                parts.hub(),
                parts.joinTokens(),
                parts.withdrawn(),
                parts.authority().trustDomain(),
                audit)
            .endpoints());
    all.addAll(
        new RotationApi(
                parts.authority(),
                () ->
                    parts
                        .adminTokens()
                        .pin(parts.adminTokenFile(), parts.authority().rootFingerprint()),
                parts.mesh(),
                parts.registry(),
                parts.hub(),
                outdated,
                parts.settings().leafLife(),
                parts.clock(),
                audit)
            .endpoints());
    all.addAll(new RestoreApi(parts.mesh(), parts.history(), audit).endpoints());
    all.addAll(
        new ExplainApi(parts.registry(), parts.hub(), new Questions(new SecureRandom()))
            .endpoints());
    PolicyChanges changes = new PolicyChanges(parts.mesh(), parts.policy(), audit);
    MeshAnalysis analysis = new MeshAnalysis(parts.mesh());
    all.addAll(new PolicyApi(parts.policy(), analysis, new RouteStatus(parts.mesh())).endpoints());
    all.addAll(new AnalysisApi(analysis).endpoints());
    all.addAll(new ChangeApi(parts.mesh(), changes, audit).endpoints());
    all.addAll(new HistoryApi(parts.policyHistory(), changes).endpoints());
    all.addAll(new OpenApi(parts.store(), parts.registry(), parts.metrics()).endpoints());
    return all;
  }
}
