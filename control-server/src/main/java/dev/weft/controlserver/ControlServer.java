package dev.weft.controlserver;

import dev.weft.controlserver.api.Api;
import dev.weft.controlserver.api.ApiServer;
import dev.weft.controlserver.api.AuditLog;
import dev.weft.controlserver.api.ServerTls;
import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.ca.WorkloadIdentity;
import dev.weft.controlserver.compile.SnapshotCompiler;
import dev.weft.controlserver.identity.AdminTokens;
import dev.weft.controlserver.identity.JoinTokens;
import dev.weft.controlserver.identity.WithdrawnIdentities;
import dev.weft.controlserver.identity.Workloads;
import dev.weft.controlserver.jwks.KeyRefresh;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.InstanceMemory;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import dev.weft.controlserver.resource.PolicyDirectory;
import dev.weft.controlserver.resource.PolicyHistory;
import dev.weft.controlserver.resource.PolicyStore;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.PrivateFiles;
import dev.weft.controlserver.store.RunHistory;
import dev.weft.controlserver.store.Table;
import dev.weft.controlserver.store.VersionCounter;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.util.List;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** A running control server: the parts put together, started in order and stopped in reverse. */
public final class ControlServer implements AutoCloseable {
  private final MeshStore store;
  private final Metrics metrics;
  private final WatchHub hub;
  private final KeyRefresh keyRefresh;
  private final Housekeeping housekeeping;
  private final @Nullable PolicyDirectory policyDirectory;
  private final ScheduledExecutorService pushThread;
  private final ApiServer api;
  private final InetSocketAddress address;
  private final Path adminTokenFile;

  /**
   * Starts a server; it answers when this returns.
   *
   * @throws StartupException when it cannot, with the reason for the operator
   */
  public static ControlServer start(ServerSettings settings, Consumer<String> auditSink) {
    return start(settings, auditSink, Clock.systemUTC(), System::nanoTime, new SecureRandom());
  }

  static ControlServer start(
      ServerSettings settings,
      Consumer<String> auditSink,
      Clock clock,
      LongSupplier nanoTime,
      SecureRandom random) {
    check(settings);
    Path directory = settings.dataDirectory();
    try {
      PrivateFiles.directory(directory);
    } catch (IOException e) {
      throw new StartupException(
          "the data directory " + directory + " cannot be created or used: " + e.getMessage(), e);
    }
    MeshStore store = MeshStore.open(directory);
    try {
      return new ControlServer(settings, store, auditSink, clock, nanoTime, random);
    } catch (RuntimeException e) {
      store.close();
      throw e;
    }
  }

  private ControlServer(
      ServerSettings settings,
      MeshStore store,
      Consumer<String> auditSink,
      Clock clock,
      LongSupplier nanoTime,
      SecureRandom random) {
    this.store = store;
    Path directory = settings.dataDirectory();
    requireTrustDomain(store, settings.trustDomain());
    RunHistory history = RunHistory.begin(store, clock, random);
    CertificateAuthority authority =
        CertificateAuthority.open(
            directory.resolve("ca"), settings.trustDomain(), passphrase(settings), clock, random);
    adminTokenFile = directory.resolve("admin-token");
    AdminTokens adminTokens =
        AdminTokens.open(store, adminTokenFile, authority.rootFingerprint(), random);
    JoinTokens joinTokens = new JoinTokens(store, authority::rootFingerprint, clock, random);
    WithdrawnIdentities withdrawn = new WithdrawnIdentities(store, clock);
    Workloads workloads = new Workloads(store);
    Registry registry = new Registry(settings.lease(), nanoTime, clock);
    InstanceMemory memory = new InstanceMemory(store);
    memory.restore(registry, settings.warmUp(), clock.instant());
    VersionCounter version = new VersionCounter(store);
    PolicyHistory policyHistory =
        new PolicyHistory(store, clock, settings.policy().history(), version.current());
    PolicyStore policy =
        new PolicyStore(store, policyHistory, clock, settings.policy().directory() != null);
    keyRefresh = new KeyRefresh(store, settings.endUsers(), clock);
    metrics = new Metrics();
    Mesh mesh =
        new Mesh(
            version,
            number ->
                new MeshView(
                    number,
                    history.epoch(),
                    history.restored() != null,
                    settings.trustDomain(),
                    settings.rootNamespace(),
                    authority.trustBundle(),
                    withdrawn.uris(),
                    trusted(registry, withdrawn),
                    workloads.known(),
                    policy.all(),
                    keyRefresh.keys().current(),
                    settings.endUsers().trustedProxies()));
    policyDirectory = directory(settings, policy, mesh, clock, auditSink);
    pushThread =
        Executors.newSingleThreadScheduledExecutor(
            task -> {
              Thread made = new Thread(task, "weft-push");
              made.setDaemon(true);
              return made;
            });
    hub =
        new WatchHub(
            mesh, registry, new SnapshotCompiler()::compile, pushThread, clock, nanoTime, metrics);
    housekeeping = new Housekeeping(mesh, registry, memory, joinTokens, authority, store);
    InetSocketAddress listen = new InetSocketAddress(settings.listenHost(), settings.listenPort());
    ServerTls tls =
        new ServerTls(
            authority,
            ListenAddress.names(settings, listen),
            ServerSettings.SERVER_CERTIFICATE_LIFE,
            clock);
    metrics.watchCertificates(authority, tls::certificate, clock);
    if (policyDirectory != null) {
      metrics.watchPolicyDirectory(policyDirectory::status);
      policyDirectory.start();
    }
    metrics.watchIssuerKeys(keyRefresh.keys()::failing);
    metrics.watchMesh(mesh::version, hub::watching, () -> history.restored() == null ? 0 : 1);
    api =
        Api.assemble(
            new Api.Parts(
                settings,
                adminTokenFile,
                store,
                history,
                authority,
                adminTokens,
                joinTokens,
                withdrawn,
                workloads,
                policy,
                policyHistory,
                policyDirectory,
                keyRefresh.keys(),
                mesh,
                registry,
                hub,
                metrics,
                clock,
                nanoTime,
                auditSink),
            listen,
            tls);
    address = api.start(listen);
    hub.start();
    keyRefresh.start(policy::all, mesh);
    housekeeping.start(settings.lease());
    writeAddress(directory.resolve("address"));
  }

  /** Where it listens, as {@code host:port} with the port really bound. */
  public String address() {
    return ListenAddress.text(address);
  }

  public int port() {
    return address.getPort();
  }

  public Path adminTokenFile() {
    return adminTokenFile;
  }

  ApiServer api() {
    return api;
  }

  /** Stops answering, lets requests under way finish, and closes the store. */
  @Override
  public void close() {
    if (policyDirectory != null) {
      policyDirectory.close();
    }
    keyRefresh.close();
    hub.close();
    api.close();
    housekeeping.close();
    pushThread.shutdownNow();
    metrics.close();
    store.close();
  }

  private static void check(ServerSettings settings) {
    try {
      WorkloadIdentity.requireTrustDomain(settings.trustDomain());
      WorkloadIdentity.requireNamespace(settings.rootNamespace());
      settings.publicNames().forEach(ListenAddress::requireName);
    } catch (IllegalArgumentException malformed) {
      throw new StartupException(String.valueOf(malformed.getMessage()));
    }
  }

  /**
   * An instance whose identity is withdrawn is nobody's endpoint, although its lease may still run.
   */
  private static List<RegisteredInstance> trusted(
      Registry registry, WithdrawnIdentities withdrawn) {
    return registry.live().stream()
        .filter(instance -> !withdrawn.contains(instance.identity()))
        .toList();
  }

  private static @Nullable PolicyDirectory directory(
      ServerSettings settings,
      PolicyStore policy,
      Mesh mesh,
      Clock clock,
      Consumer<String> auditSink) {
    Path directory = settings.policy().directory();
    if (directory == null) {
      return null;
    }
    if (!Files.isDirectory(directory)) {
      throw new StartupException(
          "the policy directory " + directory + " is not there, or is no directory");
    }
    return new PolicyDirectory(
        directory, policy, mesh, clock, new AuditLog(clock, auditSink).ofDirectory());
  }

  private static char @Nullable [] passphrase(ServerSettings settings) {
    String text = settings.passphrase();
    return text == null ? null : text.toCharArray();
  }

  private static void requireTrustDomain(MeshStore store, String trustDomain) {
    String stored = store.get(Table.META, "trust-domain");
    if (stored == null) {
      store.write(
          tx -> {
            tx.put(Table.META, "trust-domain", trustDomain);
            return trustDomain;
          });
    } else if (!stored.equals(trustDomain)) {
      throw new StartupException(
          "this data directory belongs to the trust domain "
              + stored
              + ", not "
              + trustDomain
              + ": give --trust-domain "
              + stored
              + " or another --data-dir");
    }
  }

  private void writeAddress(Path file) {
    try {
      PrivateFiles.write(file, (address() + "\n").getBytes(StandardCharsets.US_ASCII));
    } catch (IOException e) {
      close();
      throw new StartupException(file + " cannot be written: " + e.getMessage(), e);
    }
  }
}
