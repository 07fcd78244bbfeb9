package dev.weft.agent.control;

import java.net.URI;
import java.nio.file.Path;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** The settings of the control client. Immutable. */
public final class ControlConfig {

  private static final int DEFAULT_PORT = 15_443;

  final String host;
  final int port;
  final String service;
  final String namespace;
  final String serviceAccount;
  final Map<String, String> labels;
  final String locality;
  final @Nullable String joinToken;
  final @Nullable Path joinTokenFile;
  final @Nullable Path cacheDir;
  final @Nullable String advertiseHost;
  final int servicePort;
  final String agentVersion;
  final String instanceId;

  private ControlConfig(Builder builder, String host, int port, @Nullable Path cacheDir) {
    this.host = host;
    this.port = port;
    this.service = builder.service;
    this.namespace = builder.namespace;
    this.serviceAccount = builder.serviceAccount;
    this.labels = Collections.unmodifiableMap(new LinkedHashMap<>(builder.labels));
    this.locality = builder.locality;
    this.joinToken = builder.joinToken;
    this.joinTokenFile = builder.joinTokenFile;
    this.cacheDir = cacheDir;
    this.advertiseHost = builder.advertiseHost;
    this.servicePort = builder.servicePort;
    this.agentVersion = builder.agentVersion;
    this.instanceId = builder.service + "-" + UUID.randomUUID().toString().substring(0, 13);
  }

  /**
   * Begins a configuration.
   *
   * @param controlServer {@code https://host:port}; port 15443 when none is named
   */
  public static Builder builder(String controlServer, String service) {
    return new Builder(controlServer, service);
  }

  /** The name under which this process appears in the registry; new for every start. */
  public String instanceId() {
    return instanceId;
  }

  /** Collects the settings. Not thread-safe. */
  public static final class Builder {
    private final String controlServer;
    private final String service;
    private String namespace = "default";
    private String serviceAccount;
    private Map<String, String> labels = Collections.emptyMap();
    private String locality = "";
    private @Nullable String joinToken;
    private @Nullable Path joinTokenFile;
    private @Nullable Path cacheDir;
    private @Nullable String advertiseHost;
    private int servicePort;
    private String agentVersion = "unknown";

    private Builder(String controlServer, String service) {
      this.controlServer = controlServer;
      this.service = service;
      this.serviceAccount = service;
    }

    /** {@code mesh.namespace}. */
    public Builder namespace(String value) {
      this.namespace = value;
      return this;
    }

    /** {@code mesh.service-account}; the service's name unless set. */
    public Builder serviceAccount(String value) {
      this.serviceAccount = value;
      return this;
    }

    /** {@code mesh.labels}. */
    public Builder labels(Map<String, String> value) {
      this.labels = value;
      return this;
    }

    /** {@code mesh.locality}. */
    public Builder locality(String value) {
      this.locality = value;
      return this;
    }

    /** {@code mesh.join-token}. */
    public Builder joinToken(@Nullable String value) {
      this.joinToken = value;
      return this;
    }

    /** {@code mesh.join-token-file}; the file may appear later. */
    public Builder joinTokenFile(@Nullable Path value) {
      this.joinTokenFile = value;
      return this;
    }

    /** Directory of the cache; none unless set. */
    public Builder cacheDir(@Nullable Path value) {
      this.cacheDir = value;
      return this;
    }

    /** {@code mesh.advertise-host}; the local address of the control connection unless set. */
    public Builder advertiseHost(@Nullable String value) {
      this.advertiseHost = value;
      return this;
    }

    /** {@code mesh.service-port}; 0 leaves it to the container's hook. */
    public Builder servicePort(int value) {
      this.servicePort = value;
      return this;
    }

    /** The version of this agent, for the report. */
    public Builder agentVersion(String value) {
      this.agentVersion = value;
      return this;
    }

    /**
     * The configuration.
     *
     * @throws IllegalArgumentException when the control server's address is not {@code
     *     https://host[:port]}
     */
    public ControlConfig build() {
      URI uri;
      try {
        uri = URI.create(controlServer.trim());
      } catch (IllegalArgumentException e) {
        throw malformed();
      }
      String host = uri.getHost();
      if (!"https".equalsIgnoreCase(uri.getScheme()) || host == null) {
        throw malformed();
      }
      String bare = host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
      int port = uri.getPort() > 0 ? uri.getPort() : DEFAULT_PORT;
      return new ControlConfig(this, bare, port, cacheDir);
    }

    private IllegalArgumentException malformed() {
      return new IllegalArgumentException(
          "mesh.control-server: " + controlServer + " is not of the form https://host:15443");
    }
  }
}
