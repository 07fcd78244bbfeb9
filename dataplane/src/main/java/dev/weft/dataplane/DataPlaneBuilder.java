package dev.weft.dataplane;

import dev.weft.dataplane.database.DatabaseObserver;
import dev.weft.dataplane.filter.Parker;
import dev.weft.dataplane.filter.RandomSource;
import dev.weft.dataplane.identity.ConnectionObserver;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.dataplane.inbound.InboundObserver;
import dev.weft.dataplane.outbound.ClientSecurity;
import dev.weft.dataplane.outbound.ExchangeObserver;
import dev.weft.dataplane.outbound.FailureClassifier;
import dev.weft.dataplane.outbound.MeshTimer;
import dev.weft.dataplane.outbound.MirrorObserver;
import dev.weft.dataplane.snapshot.OwnInstance;
import dev.weft.dataplane.telemetry.Telemetry;
import java.time.Clock;
import java.util.function.Consumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/** Collects what a data plane is made of. Not thread-safe. */
public final class DataPlaneBuilder {
  OwnInstance own = OwnInstance.UNKNOWN;
  LongSupplier nanos = System::nanoTime;
  RandomSource random = RandomSource.THREAD_LOCAL;
  @Nullable MeshTimer timer;
  Parker parker = Parker.SLEEPING;
  TransportSecurity transport = TransportSecurity.of(Clock.systemUTC());
  ClientSecurity security = ClientSecurity.NONE;
  FailureClassifier classifier = failure -> null;
  ExchangeObserver observer = ExchangeObserver.NONE;
  InboundObserver inboundObserver = InboundObserver.NONE;
  DatabaseObserver databaseObserver = DatabaseObserver.NONE;
  boolean denyWithoutPolicy;
  @Nullable LongSupplier connectionAge;
  Consumer<String> ejections = host -> {};
  ConnectionObserver connections = ConnectionObserver.NONE;
  MirrorObserver mirrors = MirrorObserver.NONE;
  @Nullable Telemetry telemetry;
  Consumer<String> log = line -> {};

  DataPlaneBuilder() {}

  /** The process that calls, for balancing that goes by where it runs. */
  public DataPlaneBuilder own(OwnInstance instance) {
    this.own = instance;
    return this;
  }

  /** Uses this clock in nanoseconds instead of {@code System.nanoTime}. */
  public DataPlaneBuilder clock(LongSupplier clock) {
    this.nanos = clock;
    return this;
  }

  /** How long inbound meshed connections may live, in nanoseconds, instead of an hour. */
  public DataPlaneBuilder connectionAge(LongSupplier nanoseconds) {
    this.connectionAge = nanoseconds;
    return this;
  }

  /** Uses this randomness. */
  public DataPlaneBuilder random(RandomSource source) {
    this.random = source;
    return this;
  }

  /** Uses this timer instead of the thread {@code mesh-timer}. */
  public DataPlaneBuilder timer(MeshTimer meshTimer) {
    this.timer = meshTimer;
    return this;
  }

  /** Uses this way of waiting on the caller's thread. */
  public DataPlaneBuilder parker(Parker callerParker) {
    this.parker = callerParker;
    return this;
  }

  /** Our own identity, for both sides; its trust generation is that of outbound attempts. */
  public DataPlaneBuilder transport(TransportSecurity transportSecurity) {
    this.transport = transportSecurity;
    return security(
        new ClientSecurity() {
          @Override
          public boolean ready() {
            return transportSecurity.ready();
          }

          @Override
          public long generation() {
            return transportSecurity.generation();
          }
        });
  }

  /**
   * What outbound attempts have to know of our identity, where {@link #transport} does not say it;
   * without one, calls that need mTLS are refused.
   */
  public DataPlaneBuilder security(ClientSecurity clientSecurity) {
    this.security = clientSecurity;
    return this;
  }

  /** Asked before the JDK's own exceptions are looked at; null answers fall through to that. */
  public DataPlaneBuilder classifier(FailureClassifier failureClassifier) {
    this.classifier = failureClassifier;
    return this;
  }

  /**
   * Spans, metrics and the access log; the same as observers that feed them.
   *
   * @param service the name of the service that this process is
   */
  public DataPlaneBuilder telemetry(Telemetry telemetry, String service) {
    this.connections = new ConnectionTelemetry(telemetry.meters());
    this.mirrors = new MirrorTelemetry(telemetry.meters());
    this.telemetry = telemetry;
    this.ejections = host -> telemetry.meters().ejections().with(host).increment();
    return observer(new OutboundTelemetry(telemetry))
        .databaseObserver(new DatabaseTelemetry(telemetry))
        .inboundObserver(new InboundTelemetry(telemetry, service));
  }

  /** Hears of what an operator has to mend, a line each; must return at once. */
  public DataPlaneBuilder log(Consumer<String> lines) {
    this.log = lines;
    return this;
  }

  /** Watches requests. */
  public DataPlaneBuilder inboundObserver(InboundObserver observerOfRequests) {
    this.inboundObserver = observerOfRequests;
    return this;
  }

  /** Refuses requests until the first policy arrives ({@code mesh.on-agent-failure=deny}). */
  public DataPlaneBuilder denyWithoutPolicy(boolean deny) {
    this.denyWithoutPolicy = deny;
    return this;
  }

  /** Watches connects and statements. */
  public DataPlaneBuilder databaseObserver(DatabaseObserver observerOfDatabases) {
    this.databaseObserver = observerOfDatabases;
    return this;
  }

  /** Watches calls. */
  public DataPlaneBuilder observer(ExchangeObserver exchangeObserver) {
    this.observer = exchangeObserver;
    return this;
  }

  /** Builds it. */
  public DataPlane build() {
    return new DataPlane(this);
  }
}
