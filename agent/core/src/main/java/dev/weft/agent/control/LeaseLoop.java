package dev.weft.agent.control;

import dev.weft.agent.MeshThreads;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.JsonTree;
import java.io.IOException;
import java.security.GeneralSecurityException;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.concurrent.Future;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.ScheduledFuture;
import java.util.concurrent.ScheduledThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Consumer;
import java.util.function.DoubleSupplier;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * What the agent does by the clock, on one thread: the lease of its instance, the renewal of its
 * certificate, the acknowledgements of its snapshots, and at the end the deregistration.
 */
final class LeaseLoop {

  private static final long FIRST_LEASE_MILLIS = 10_000;
  private static final long MIN_PERIOD_MILLIS = 100;

  private final ControlConfig config;
  private final ControlTiming timing;
  private final AgentState state;
  private final Enrolment enrolment;
  private final InstanceReporter reporter;
  private final ApiChannel channel;
  private final Runnable renewed;
  private final Consumer<String> refused;
  private final LineLog log;
  private final LongSupplier nanos;
  private final DoubleSupplier random;
  private final Backoff leaseBackoff;
  private final Backoff renewBackoff;
  private final ScheduledThreadPoolExecutor timer;
  private final AtomicBoolean registrationDue = new AtomicBoolean();
  private volatile long leaseMillis = FIRST_LEASE_MILLIS;
  private @Nullable ScheduledFuture<?> lease;
  private @Nullable ScheduledFuture<?> renewal;

  /** The identity whose early renewal was asked for last. */
  private @Nullable AgentIdentity outdated;

  LeaseLoop(
      ControlConfig config,
      ControlTiming timing,
      AgentState state,
      Enrolment enrolment,
      InstanceReporter reporter,
      ApiChannel channel,
      Runnable renewed,
      Consumer<String> refused,
      LineLog log,
      LongSupplier nanos,
      DoubleSupplier random) {
    this.config = config;
    this.timing = timing;
    this.state = state;
    this.enrolment = enrolment;
    this.reporter = reporter;
    this.channel = channel;
    this.renewed = renewed;
    this.refused = refused;
    this.log = log;
    this.nanos = nanos;
    this.random = random;
    this.leaseBackoff = new Backoff(timing.firstBackoffMillis, timing.maxBackoffMillis, random);
    this.renewBackoff = new Backoff(timing.firstBackoffMillis, timing.maxBackoffMillis, random);
    this.timer = new ScheduledThreadPoolExecutor(1, MeshThreads.factory("control-timer"));
    timer.setRemoveOnCancelPolicy(true);
    timer.setExecuteExistingDelayedTasksAfterShutdownPolicy(false);
  }

  /**
   * An identity came into force: its renewal is due in time. The watch registers the instance under
   * it; a connection of ours beside it would be a second full handshake for the same answer, so
   * this side waits for its turn.
   */
  void identityChanged() {
    execute(
        () -> {
          scheduleRenewal(false);
          scheduleLease(leaseMillis / 3);
        });
  }

  /**
   * The agent joined by {@code connection}, and the control server knows who is behind it: this
   * side goes on with it, which saves a start a handshake (docs/adr/0009).
   */
  void joined(ControlConnection connection) {
    if (!execute(() -> channel.adopt(connection))) {
      connection.close();
    }
  }

  /** What the report says has changed; several changes at once become one request. */
  void reportChanged() {
    if (registrationDue.compareAndSet(false, true)) {
      execute(
          () -> {
            registrationDue.set(false);
            register();
          });
    }
  }

  /** The watch's connection registered the instance, with this answer. */
  void registered(ControlReply reply) {
    execute(
        () -> {
          leased(reply);
          scheduleLease(leaseMillis / 3);
        });
  }

  /** Tells the control server what became of a snapshot. */
  void acknowledge(long version, String epoch, @Nullable String error) {
    execute(
        () -> {
          Map<String, Object> ack = new LinkedHashMap<>();
          ack.put("instance", config.instanceId());
          ack.put("version", version);
          ack.put("epoch", epoch);
          ack.put("error", error);
          try {
            // Lost when the server is away; the next registration carries the same facts.
            channel.exchange("POST", "/v1/agent/ack", JsonTree.STANDARD.bytes(ack));
          } catch (IOException | GeneralSecurityException e) {
            log.line("ack", "a snapshot could not be acknowledged: " + LineLog.why(e));
          }
        });
  }

  /** Tells the control server what {@code mesh} answers to an operator's question. */
  void answer(String question, Map<?, ?> asked, MeshState mesh) {
    execute(
        () -> {
          Map<String, Object> answer = new LinkedHashMap<>();
          answer.put("instance", config.instanceId());
          answer.put("question", question);
          try {
            answer.put("answer", mesh.explain(asked));
          } catch (RuntimeException e) {
            answer.put("error", LineLog.why(e));
          }
          try {
            channel.exchange("POST", "/v1/agent/answers", JsonTree.STANDARD.bytes(answer));
          } catch (IOException | GeneralSecurityException e) {
            log.line("answer", "a question could not be answered: " + LineLog.why(e));
          }
        });
  }

  /** Takes the instance out of the registry, as far as that works within the time of a shutdown. */
  void stop() {
    if (state.hasIdentity()) {
      try {
        Future<?> done = timer.submit(this::deregister);
        done.get(timing.shutdownMillis, TimeUnit.MILLISECONDS);
      } catch (InterruptedException e) {
        Thread.currentThread().interrupt();
      } catch (Exception e) {
        // The lease ends by itself; the JVM must not wait for it.
        channel.close();
      }
    }
    timer.shutdownNow();
    channel.close();
  }

  private void deregister() {
    try {
      channel.exchange("DELETE", instancePath(), null);
    } catch (IOException | GeneralSecurityException e) {
      log.line("lease", "the instance could not be deregistered: " + LineLog.why(e));
    }
  }

  private void register() {
    if (!state.hasIdentity()) {
      return;
    }
    state.expireHeld();
    try {
      InstanceReport report = reporter.report(channel.localAddress());
      ControlReply reply = channel.exchange("PUT", instancePath(), report.toJson());
      if (reply.isRefusal()) {
        refused.accept(reply.message());
      } else if (!reply.isOk()) {
        throw new IOException(reply.message());
      } else {
        leased(reply);
        leaseBackoff.reset();
      }
      scheduleLease(leaseMillis / 3);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      log.line("lease", "the instance could not be registered: " + LineLog.why(e));
      scheduleLease(Math.min(leaseMillis / 3, leaseBackoff.nextMillis()));
    }
  }

  private void leased(ControlReply reply) {
    Map<String, Object> answer = Collections.emptyMap();
    try {
      answer = reply.json();
    } catch (IOException e) {
      // An answer without a lease: the usual one is assumed.
    }
    Object seconds = answer.get("leaseSeconds");
    leaseMillis =
        seconds instanceof Number && ((Number) seconds).longValue() > 0
            ? TimeUnit.SECONDS.toMillis(Math.min(3_600, ((Number) seconds).longValue()))
            : FIRST_LEASE_MILLIS;
    if (Boolean.TRUE.equals(answer.get("renew"))) {
      renewEarly();
    }
  }

  /**
   * The root above the certificate signs no more: a new certificate while the old one still counts.
   * Once for each, and not at the moment in which all others do.
   */
  private void renewEarly() {
    AgentIdentity current = state.identity();
    if (current != null && current != outdated) {
      outdated = current;
      cancel(renewal);
      long longest = leaseMillis / 3;
      renewal = schedule(this::renew, (long) (random.getAsDouble() * longest));
    }
  }

  private void renew() {
    AgentIdentity before = state.identity();
    if (before == null || before.isExpired(nanos.getAsLong())) {
      // Too late to prove anything with it; the control loop joins anew.
      return;
    }
    try {
      state.take(enrolment.renew(channel.connection(), timing.requestMillis));
      renewBackoff.reset();
      scheduleRenewal(false);
      renewed.run();
    } catch (Enrolment.Refused e) {
      refused.accept(String.valueOf(e.getMessage()));
      scheduleRenewal(true);
    } catch (IOException | GeneralSecurityException | RuntimeException e) {
      channel.drop();
      log.line(
          "renew",
          "the certificate, valid until "
              + before.svid.notAfter()
              + ", could not be renewed: "
              + LineLog.why(e));
      scheduleRenewal(true);
    }
  }

  private void scheduleRenewal(boolean afterFailure) {
    AgentIdentity current = state.identity();
    if (current == null) {
      return;
    }
    long due = TimeUnit.NANOSECONDS.toMillis(current.renewNanos - nanos.getAsLong());
    long delay = afterFailure ? renewBackoff.nextMillis() : Math.max(0, due);
    cancel(renewal);
    renewal = schedule(this::renew, delay);
  }

  private void scheduleLease(long delayMillis) {
    cancel(lease);
    lease = schedule(this::register, Math.max(MIN_PERIOD_MILLIS, delayMillis));
  }

  private String instancePath() {
    return "/v1/agent/instances/" + config.instanceId();
  }

  /** False when the agent stops. */
  private boolean execute(Runnable task) {
    try {
      timer.execute(guarded(task));
      return true;
    } catch (RejectedExecutionException e) {
      return false;
    }
  }

  private @Nullable ScheduledFuture<?> schedule(Runnable task, long delayMillis) {
    try {
      return timer.schedule(guarded(task), delayMillis, TimeUnit.MILLISECONDS);
    } catch (RejectedExecutionException e) {
      return null;
    }
  }

  /** A bug in a task must end neither the loop nor the application's log. */
  private Runnable guarded(Runnable task) {
    return () -> {
      try {
        task.run();
      } catch (RuntimeException | Error e) {
        log.line("internal", "the control client failed: " + e);
        if (!timer.isShutdown()) {
          scheduleLease(leaseMillis / 3);
        }
      }
    };
  }

  private static void cancel(@Nullable ScheduledFuture<?> future) {
    if (future != null) {
      future.cancel(false);
    }
  }
}
