package dev.weft.policy;

import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * What an agent tells the control server about its instance: who it is, where it answers, what it
 * runs on and what it has instrumented. Immutable.
 */
public final class InstanceReport {
  /** Name of the service that the instance belongs to. */
  public final String service;

  /** Namespace of the service. */
  public final String namespace;

  /** Service account in the identity. */
  public final String serviceAccount;

  /** Labels that subsets and selectors match. */
  public final Map<String, String> labels;

  /** {@code region/zone/sub-zone}, or empty when unknown. */
  public final String locality;

  /** Address at which the instance answers; empty for a pure client. */
  public final String address;

  /** Port at which the instance answers; 0 for a pure client. */
  public final int port;

  /** The agent accepts mesh mTLS on the port. */
  public final boolean mtls;

  /** Version of the agent. */
  public final String agentVersion;

  /** Java runtime, vendor and version. */
  public final String jvm;

  /** Process ID on its machine. */
  public final long pid;

  /** Start of the process, ISO 8601 in UTC. */
  public final String startedAt;

  /** End of the own certificate, ISO 8601 in UTC; null before the first. */
  public final @Nullable String certificateNotAfter;

  /** Version of the snapshot in force. */
  public final long snapshotVersion;

  /** Why the last snapshot was refused, or null. */
  public final @Nullable String snapshotError;

  /**
   * Whether the instance can be called, as it finds out by the probe of its WorkloadGroup; null
   * when it has none.
   */
  public final @Nullable Boolean ready;

  /** What was found to instrument, and what became of it. */
  public final List<InstrumentationStatus> instrumentation;

  private InstanceReport(Builder b) {
    this.service = b.service;
    this.namespace = b.namespace;
    this.serviceAccount = b.serviceAccount;
    this.labels = Collections.unmodifiableMap(new TreeMap<>(b.labels));
    this.locality = b.locality;
    this.address = b.address;
    this.port = b.port;
    this.mtls = b.mtls;
    this.agentVersion = b.agentVersion;
    this.jvm = b.jvm;
    this.pid = b.pid;
    this.startedAt = b.startedAt;
    this.certificateNotAfter = b.certificateNotAfter;
    this.snapshotVersion = b.snapshotVersion;
    this.snapshotError = b.snapshotError;
    this.ready = b.ready;
    this.instrumentation = Collections.unmodifiableList(new ArrayList<>(b.instrumentation));
  }

  /** Returns a builder with nothing reported. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this report holds. */
  public Builder toBuilder() {
    return new Builder()
        .service(service)
        .namespace(namespace)
        .serviceAccount(serviceAccount)
        .labels(labels)
        .locality(locality)
        .address(address)
        .port(port)
        .mtls(mtls)
        .agentVersion(agentVersion)
        .jvm(jvm)
        .pid(pid)
        .startedAt(startedAt)
        .certificateNotAfter(certificateNotAfter)
        .snapshotVersion(snapshotVersion)
        .snapshotError(snapshotError)
        .ready(ready)
        .instrumentation(instrumentation);
  }

  /** Returns the report as JSON in UTF-8. */
  public byte[] toJson() {
    return JsonTree.STANDARD.bytes(toMap());
  }

  /** Returns the report as a tree of maps, lists, texts, numbers and flags. */
  public Map<String, Object> toMap() {
    return InstanceReportFields.toMap(this);
  }

  /**
   * Reads a report. A field that is not known is ignored: reports come from newer agents, too.
   *
   * @throws IllegalArgumentException naming the field that is of the wrong type or out of range
   */
  public static InstanceReport fromJson(byte[] json) {
    try {
      return fromMap(JsonTree.STANDARD.read(json));
    } catch (IOException e) {
      throw new IllegalArgumentException("instance report is not valid JSON", e);
    }
  }

  /** Reads a report from a tree as {@link #toMap} returns it; errors as in {@link #fromJson}. */
  public static InstanceReport fromMap(Map<?, ?> map) {
    return InstanceReportFields.fromMap(map);
  }

  /**
   * Returns the instrumentation that should stand in front of the application and does not, null
   * when there is none: calls come in without the mesh's checks.
   */
  public @Nullable InstrumentationStatus missingGuard() {
    for (InstrumentationStatus each : instrumentation) {
      if (each.guard && each.state == InstrumentationStatus.State.NOT_APPLIED) {
        return each;
      }
    }
    return null;
  }

  /** Collects the fields; not thread-safe. */
  public static final class Builder {
    private String service = "";
    private String namespace = "default";
    private String serviceAccount = "";
    private Map<String, String> labels = Collections.emptyMap();
    private String locality = "";
    private String address = "";
    private int port = 0;
    private boolean mtls = false;
    private String agentVersion = "";
    private String jvm = "";
    private long pid = 0;
    private String startedAt = "";
    private @Nullable String certificateNotAfter = null;
    private long snapshotVersion = 0;
    private @Nullable String snapshotError = null;
    private @Nullable Boolean ready = null;
    private List<InstrumentationStatus> instrumentation = Collections.emptyList();

    private Builder() {}

    /** Sets {@link InstanceReport#service}. */
    public Builder service(String service) {
      this.service = service;
      return this;
    }

    /** Sets {@link InstanceReport#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link InstanceReport#serviceAccount}. */
    public Builder serviceAccount(String serviceAccount) {
      this.serviceAccount = serviceAccount;
      return this;
    }

    /** Sets {@link InstanceReport#labels}. */
    public Builder labels(Map<String, String> labels) {
      this.labels = labels;
      return this;
    }

    /** Sets {@link InstanceReport#locality}. */
    public Builder locality(String locality) {
      this.locality = locality;
      return this;
    }

    /** Sets {@link InstanceReport#address}. */
    public Builder address(String address) {
      this.address = address;
      return this;
    }

    /** Sets {@link InstanceReport#port}. */
    public Builder port(int port) {
      this.port = port;
      return this;
    }

    /** Sets {@link InstanceReport#mtls}. */
    public Builder mtls(boolean mtls) {
      this.mtls = mtls;
      return this;
    }

    /** Sets {@link InstanceReport#agentVersion}. */
    public Builder agentVersion(String agentVersion) {
      this.agentVersion = agentVersion;
      return this;
    }

    /** Sets {@link InstanceReport#jvm}. */
    public Builder jvm(String jvm) {
      this.jvm = jvm;
      return this;
    }

    /** Sets {@link InstanceReport#pid}. */
    public Builder pid(long pid) {
      this.pid = pid;
      return this;
    }

    /** Sets {@link InstanceReport#startedAt}. */
    public Builder startedAt(String startedAt) {
      this.startedAt = startedAt;
      return this;
    }

    /** Sets {@link InstanceReport#certificateNotAfter}. */
    public Builder certificateNotAfter(@Nullable String certificateNotAfter) {
      this.certificateNotAfter = certificateNotAfter;
      return this;
    }

    /** Sets {@link InstanceReport#snapshotVersion}. */
    public Builder snapshotVersion(long snapshotVersion) {
      this.snapshotVersion = snapshotVersion;
      return this;
    }

    /** Sets {@link InstanceReport#snapshotError}. */
    public Builder snapshotError(@Nullable String snapshotError) {
      this.snapshotError = snapshotError;
      return this;
    }

    /** Sets {@link InstanceReport#ready}. */
    public Builder ready(@Nullable Boolean ready) {
      this.ready = ready;
      return this;
    }

    /** Sets {@link InstanceReport#instrumentation}. */
    public Builder instrumentation(List<InstrumentationStatus> instrumentation) {
      this.instrumentation = instrumentation;
      return this;
    }

    /** Returns the finished report, with copies of the collections. */
    public InstanceReport build() {
      return new InstanceReport(this);
    }
  }
}
