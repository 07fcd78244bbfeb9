package dev.weft.agent.control;

import dev.weft.dataplane.http.HttpHead;
import dev.weft.policy.AccessToken;
import dev.weft.policy.JsonTree;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import dev.weft.policy.trust.ControlServerTrust;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * Keeps the agent joined and watching, on one thread: joins while there is no identity, then holds
 * the watch open and applies what comes. Whatever happens, the last identity and the last good
 * snapshot stay in force.
 */
final class ControlLoop implements Runnable {

  private static final long REFUSED_TOKEN_NANOS = TimeUnit.MINUTES.toNanos(1);
  private static final int TLS_FAILURES_BEFORE_JOIN = 3;
  private static final Duration TOLERATED_SKEW = Duration.ofMinutes(1);

  private final ControlConfig config;
  private final ControlTiming timing;
  private final AgentState state;
  private final MeshState mesh;
  private final Enrolment enrolment;
  private final TokenSource tokens;
  private final InstanceReporter reporter;
  private final LeaseLoop lease;
  private final Backoff backoff;
  private final LineLog log;
  private final Clock clock;
  private final LongSupplier nanos;

  private volatile boolean stopped;
  private volatile boolean renewed;
  private volatile @Nullable String identityRefused;
  private volatile @Nullable ControlConnection watching;
  private @Nullable String refusedToken;
  private long tokenRefusedAt;
  private int tlsFailures;

  ControlLoop(
      ControlConfig config,
      ControlTiming timing,
      AgentState state,
      MeshState mesh,
      Enrolment enrolment,
      TokenSource tokens,
      InstanceReporter reporter,
      LeaseLoop lease,
      Backoff backoff,
      LineLog log,
      Clock clock,
      LongSupplier nanos) {
    this.config = config;
    this.timing = timing;
    this.state = state;
    this.mesh = mesh;
    this.enrolment = enrolment;
    this.tokens = tokens;
    this.reporter = reporter;
    this.lease = lease;
    this.backoff = backoff;
    this.log = log;
    this.clock = clock;
    this.nanos = nanos;
  }

  @Override
  public void run() {
    state.restore();
    if (state.hasIdentity()) {
      lease.identityChanged();
    }
    while (!stopped) {
      renewed = false;
      try {
        if (needsJoin()) {
          join();
        }
        if (state.hasIdentity() && !stopped) {
          watch();
        }
      } catch (IOException | GeneralSecurityException | RuntimeException | Error e) {
        if (!renewed) {
          failed(e);
        }
      }
      if (!renewed) {
        pause(backoff.nextMillis());
      }
    }
  }

  /**
   * The identity was renewed: the control server ends the watch with the certificate it was opened
   * with, so it is opened again before that. From any thread.
   */
  void identityRenewed() {
    renewed = true;
    disconnect();
  }

  /** Ends the loop; from any thread. */
  void stop(Thread runner) {
    stopped = true;
    disconnect();
    runner.interrupt();
  }

  /**
   * The control server does not accept the identity in force: a token is needed. From any thread.
   */
  void identityRefused(String why) {
    identityRefused = why;
    disconnect();
  }

  private boolean needsJoin() {
    return !state.hasIdentity()
        || identityRefused != null
        || tlsFailures >= TLS_FAILURES_BEFORE_JOIN;
  }

  private void join() throws IOException, GeneralSecurityException {
    AccessToken token = tokens.read();
    boolean known =
        token != null
            && token.text().equals(refusedToken)
            && nanos.getAsLong() - tokenRefusedAt < REFUSED_TOKEN_NANOS;
    if (token == null || known) {
      sayRejoin(token == null ? null : "its token was refused");
      return;
    }
    ControlConnection connection =
        ControlConnection.open(
            config,
            ControlTls.sockets(null, ControlServerTrust.pinned(token, clock)),
            timing.connectMillis);
    boolean kept = false;
    try {
      Enrolment.Issued issued = enrolment.join(connection, token, timing.requestMillis);
      state.take(issued);
      kept = issued.speaksForConnection;
    } catch (Enrolment.Refused e) {
      refusedToken = token.text();
      tokenRefusedAt = nanos.getAsLong();
      sayRejoin(e.getMessage());
      return;
    } finally {
      if (!kept) {
        connection.close();
      }
    }
    identityRefused = null;
    refusedToken = null;
    tlsFailures = 0;
    if (kept) {
      lease.joined(connection);
    }
    lease.identityChanged();
  }

  private void sayRejoin(@Nullable String why) {
    String identity = identityRefused;
    String reason = why == null ? identity : identity == null ? why : identity + "; " + why;
    if (reason == null && state.identity() == null) {
      // Never joined and no token yet: the token source has said what it waits for.
      state.phase(ControlStatus.Phase.JOINING, "no join token");
      return;
    }
    state.phase(ControlStatus.Phase.REFUSED, reason);
    log.line(
        "rejoin",
        "re-join needed: meshctl token create --service "
            + config.service
            + (config.namespace.equals("default") ? "" : " --namespace " + config.namespace)
            + " ("
            + (reason == null ? whyJoin() : reason)
            + ")");
  }

  private String whyJoin() {
    return state.hasIdentity()
        ? "the control server's certificate is not from a trusted root"
        : "the certificate has expired";
  }

  private void watch() throws IOException, GeneralSecurityException {
    AgentIdentity identity = state.identity();
    if (identity == null) {
      return;
    }
    ControlConnection connection =
        ControlConnection.open(config, identity.sockets(clock), timing.connectMillis);
    watching = connection;
    try {
      if (register(connection)) {
        follow(connection);
      }
    } finally {
      watching = null;
      connection.close();
    }
  }

  private boolean register(ControlConnection connection) throws IOException {
    byte[] report = reporter.report(connection.localAddress()).toJson();
    ControlReply reply =
        connection.exchange(
            "PUT",
            "/v1/agent/instances/" + config.instanceId(),
            null,
            report,
            timing.requestMillis);
    compareClocks(reply);
    if (!accepted(reply)) {
      return false;
    }
    tlsFailures = 0;
    // An operator restored it, or the refusal was another's.
    identityRefused = null;
    lease.registered(reply);
    return true;
  }

  private void follow(ControlConnection connection) throws IOException {
    Map<String, String> query = new LinkedHashMap<>();
    query.put("instance", config.instanceId());
    query.put("version", Long.toString(state.version()));
    query.put("epoch", state.epoch());
    query.put("deltas", "1");
    HttpHead head =
        connection.open(ControlConnection.path("/v1/agent/watch", query), timing.silenceMillis);
    if (head.status() != 200) {
      accepted(connection.rest(head, timing.requestMillis));
      return;
    }
    LineReader lines =
        new LineReader(connection.stream(head), ControlConnection.MAX_BODY_BYTES, nanos);
    while (!stopped) {
      byte[] line = lines.next();
      if (line == null) {
        throw new IOException("the control server ended the watch");
      }
      if (line.length > 0) {
        handle(line);
        // Only a server that talks sense ends the waiting; one that accepts and hangs up does not.
        backoff.reset();
        if (identityRefused == null) {
          state.phase(ControlStatus.Phase.CONNECTED, null);
        }
      }
    }
  }

  private void handle(byte[] line) throws IOException {
    Map<String, Object> message;
    try {
      message = JsonTree.STANDARD.read(line);
    } catch (IOException | RuntimeException e) {
      throw new IOException("the watch carried something that is not JSON", e);
    }
    String type = String.valueOf(message.get("type"));
    if (type.equals("snapshot")) {
      apply(message.get("snapshot"));
    } else if (type.equals("delta")) {
      change(message.get("delta"));
    } else if (type.equals("withdrawn")) {
      identityRefused("this identity was withdrawn: " + message.get("reason"));
    } else if (type.equals("explain") && message.get("question") instanceof Map) {
      lease.answer(String.valueOf(message.get("id")), (Map<?, ?>) message.get("question"), mesh);
    } else if (!type.equals("heartbeat")) {
      log.line("watch", "the control server sent a message of unknown type " + type);
    }
  }

  private void apply(@Nullable Object document) {
    if (!(document instanceof Map)) {
      state.refuse("the message holds no snapshot");
      return;
    }
    @SuppressWarnings("unchecked") // it was read from JSON
    Map<String, ?> fields = (Map<String, ?>) document;
    String error;
    try {
      Snapshot snapshot = SnapshotCodec.fromMap(fields);
      error = state.take(snapshot, fields);
    } catch (RuntimeException e) {
      error = LineLog.why(e);
      state.refuse(error);
    }
    acknowledge(fields, error);
  }

  /**
   * A delta that was made from another snapshot than the one in force ends the watch: it is opened
   * anew with the version that is, and begins with a whole snapshot.
   */
  private void change(@Nullable Object document) throws IOException {
    if (!(document instanceof Map)) {
      throw new IOException("the watch carried a delta that holds nothing");
    }
    String error;
    try {
      error = state.take(SnapshotCodec.deltaFromMap((Map<?, ?>) document));
    } catch (IllegalArgumentException e) {
      throw new IOException("a delta cannot be applied: " + LineLog.why(e), e);
    }
    acknowledge((Map<?, ?>) document, error);
  }

  private void acknowledge(Map<?, ?> fields, @Nullable String error) {
    Object version = fields.get("version");
    lease.acknowledge(
        version instanceof Number ? ((Number) version).longValue() : 0,
        String.valueOf(fields.get("epoch")),
        error);
  }

  /** False when the server refuses the identity; any other failure is an exception. */
  private boolean accepted(ControlReply reply) throws IOException {
    if (reply.isOk()) {
      return true;
    }
    if (reply.isRefusal()) {
      identityRefused = reply.message();
      return false;
    }
    throw new IOException(reply.message());
  }

  private void compareClocks(ControlReply reply) {
    Instant server = reply.serverTime();
    Instant here = clock.instant();
    if (server != null && Duration.between(server, here).abs().compareTo(TOLERATED_SKEW) > 0) {
      log.line(
          "clock",
          "the clock of this machine says "
              + here
              + ", the control server's clock "
              + server
              + ": certificates will be refused unless they agree");
    }
  }

  private void failed(Throwable e) {
    if (stopped) {
      return;
    }
    tlsFailures = e instanceof SSLException ? tlsFailures + 1 : tlsFailures;
    String why = LineLog.why(e);
    Throwable cause = e.getCause();
    if (e instanceof SSLException && cause != null) {
      why = LineLog.why(cause);
    }
    state.phase(
        state.identity() == null ? ControlStatus.Phase.JOINING : ControlStatus.Phase.DISCONNECTED,
        why);
    log.line(
        "connection",
        "control server "
            + config.host
            + ":"
            + config.port
            + ": "
            + why
            + (state.version() > 0 ? "; going on with policy version " + state.version() : ""));
  }

  private void disconnect() {
    ControlConnection current = watching;
    if (current != null) {
      current.close();
    }
  }

  private void pause(long millis) {
    if (!stopped) {
      try {
        Thread.sleep(millis);
      } catch (InterruptedException e) {
        // Only stop() interrupts this thread; the loop sees it.
        Thread.interrupted();
      }
    }
  }
}
