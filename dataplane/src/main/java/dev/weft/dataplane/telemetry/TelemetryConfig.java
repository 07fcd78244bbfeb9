package dev.weft.dataplane.telemetry;

import dev.weft.dataplane.Detached;
import java.util.Collections;
import java.util.HashMap;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** What telemetry is to do. Immutable. */
public final class TelemetryConfig {

  private final String serviceName;
  private final String namespace;
  private final String instanceId;
  private final String metricsHost;
  private final int metricsPort;
  private final String accessLog;
  private final Map<String, String> properties;
  private final Function<String, @Nullable String> environment;
  private final ThreadFactory threads;
  private final Consumer<String> log;

  private TelemetryConfig(Builder builder) {
    this.serviceName = builder.serviceName;
    this.namespace = builder.namespace;
    this.instanceId = builder.instanceId;
    this.metricsHost = builder.metricsHost;
    this.metricsPort = builder.metricsPort;
    this.accessLog = builder.accessLog;
    this.properties = Collections.unmodifiableMap(new HashMap<>(builder.properties));
    this.environment = builder.environment;
    this.threads = builder.threads;
    this.log = builder.log;
  }

  /** A configuration that exports nothing until told. */
  public static Builder builder(String serviceName, String namespace) {
    return new Builder(serviceName, namespace);
  }

  String serviceName() {
    return serviceName;
  }

  String namespace() {
    return namespace;
  }

  String instanceId() {
    return instanceId;
  }

  String metricsHost() {
    return metricsHost;
  }

  int metricsPort() {
    return metricsPort;
  }

  String accessLog() {
    return accessLog;
  }

  ThreadFactory threads() {
    return threads;
  }

  Consumer<String> log() {
    return log;
  }

  Map<String, String> properties() {
    return properties;
  }

  /**
   * An OpenTelemetry setting as its SDK would find it: an agent setting first, then the system
   * property, then the environment variable of the same name in upper case.
   */
  @Nullable String otel(String key) {
    String given = properties.get(key);
    if (given == null) {
      given = System.getProperty(key);
    }
    if (given == null) {
      given = environment.apply(key.toUpperCase(Locale.ROOT).replace('.', '_').replace('-', '_'));
    }
    return given == null || given.trim().isEmpty() ? null : given.trim();
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final String serviceName;
    private final String namespace;
    private String instanceId = "";
    private String metricsHost = "0.0.0.0";
    private int metricsPort = -1;
    private String accessLog = "off";
    private Map<String, String> properties = Collections.emptyMap();
    private Function<String, @Nullable String> environment = System::getenv;
    private ThreadFactory threads = Builder::daemon;
    private Consumer<String> log = line -> System.err.println("[weft] " + line);

    private Builder(String serviceName, String namespace) {
      this.serviceName = serviceName;
      this.namespace = namespace;
    }

    /** The instance as the control server knows it: {@code service.instance.id}. */
    public Builder instanceId(String id) {
      this.instanceId = id;
      return this;
    }

    /** Where the Prometheus endpoint listens; port 0 takes any, a negative one switches it off. */
    public Builder metrics(String host, int port) {
      this.metricsHost = host;
      this.metricsPort = port;
      return this;
    }

    /** {@code off}, {@code stdout} or the path of a file. */
    public Builder accessLog(String target) {
      this.accessLog = target;
      return this;
    }

    /** {@code otel.*} properties that come before those of the JVM and the environment. */
    public Builder properties(Map<String, String> otel) {
      this.properties = otel;
      return this;
    }

    /** Where environment variables are read, for tests. */
    Builder environment(Function<String, @Nullable String> source) {
      this.environment = source;
      return this;
    }

    /**
     * Makes the threads of telemetry. They must be daemons, named {@code mesh-*}, without a context
     * class loader, and marked as the agent's own traffic for their whole life: that mark is why
     * the exporter's requests are not instrumented.
     */
    public Builder threads(ThreadFactory factory) {
      this.threads = factory;
      return this;
    }

    /** Where the few lines go that concern the operator. */
    public Builder log(Consumer<String> sink) {
      this.log = sink;
      return this;
    }

    public TelemetryConfig build() {
      return new TelemetryConfig(this);
    }

    private static Thread daemon(Runnable task) {
      return Detached.thread(task, "mesh-telemetry");
    }
  }
}
