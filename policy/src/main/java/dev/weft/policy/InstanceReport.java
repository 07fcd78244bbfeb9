package dev.weft.policy;

import com.fasterxml.jackson.jr.ob.JSON;
import java.io.IOException;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
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

  /** What was found to instrument, and what became of it. */
  public final List<Instrumentation> instrumentation;

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
        .instrumentation(instrumentation);
  }

  /** Returns the report as JSON in UTF-8. */
  public byte[] toJson() {
    try {
      return JSON.std.asBytes(toMap());
    } catch (IOException e) {
      throw new IllegalStateException("a report could not be written as JSON", e);
    }
  }

  /** Returns the report as a tree of maps, lists, texts, numbers and flags. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("service", service);
    map.put("namespace", namespace);
    map.put("serviceAccount", serviceAccount);
    map.put("labels", new LinkedHashMap<>(labels));
    map.put("locality", locality);
    map.put("address", address);
    map.put("port", port);
    map.put("mtls", mtls);
    map.put("agentVersion", agentVersion);
    map.put("jvm", jvm);
    map.put("pid", pid);
    map.put("startedAt", startedAt);
    if (certificateNotAfter != null) {
      map.put("certificateNotAfter", certificateNotAfter);
    }
    map.put("snapshotVersion", snapshotVersion);
    if (snapshotError != null) {
      map.put("snapshotError", snapshotError);
    }
    List<Object> list = new ArrayList<>();
    for (Instrumentation each : instrumentation) {
      list.add(each.toMap());
    }
    map.put("instrumentation", list);
    return map;
  }

  /**
   * Reads a report. A field that is not known is ignored: reports come from newer agents, too.
   *
   * @throws IllegalArgumentException naming the field that is of the wrong type or out of range
   */
  public static InstanceReport fromJson(byte[] json) {
    try {
      return fromMap(JSON.std.mapFrom(json));
    } catch (IOException e) {
      throw new IllegalArgumentException("instance report is not valid JSON", e);
    }
  }

  /** Reads a report from a tree as {@link #toMap} returns it; errors as in {@link #fromJson}. */
  public static InstanceReport fromMap(Map<?, ?> map) {
    ReportFields in = new ReportFields(map);
    return builder()
        .service(in.text("service", ""))
        .namespace(in.text("namespace", "default"))
        .serviceAccount(in.text("serviceAccount", ""))
        .labels(in.texts("labels"))
        .locality(in.text("locality", ""))
        .address(in.text("address", ""))
        .port((int) in.number("port", 65535))
        .mtls(in.flag("mtls"))
        .agentVersion(in.text("agentVersion", ""))
        .jvm(in.text("jvm", ""))
        .pid(in.number("pid", Long.MAX_VALUE))
        .startedAt(in.text("startedAt", ""))
        .certificateNotAfter(in.optionalText("certificateNotAfter"))
        .snapshotVersion(in.number("snapshotVersion", Long.MAX_VALUE))
        .snapshotError(in.optionalText("snapshotError"))
        .instrumentation(in.instrumentation("instrumentation"))
        .build();
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
    private List<Instrumentation> instrumentation = Collections.emptyList();

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

    /** Sets {@link InstanceReport#instrumentation}. */
    public Builder instrumentation(List<Instrumentation> instrumentation) {
      this.instrumentation = instrumentation;
      return this;
    }

    /** Returns the finished report, with copies of the collections. */
    public InstanceReport build() {
      return new InstanceReport(this);
    }
  }

  /** One instrumentation and what became of it. Immutable. */
  public static final class Instrumentation {
    /** What became of an instrumentation. */
    public enum State {
      /** In force. */
      APPLIED("applied"),
      /** The library is there, but could not be instrumented. */
      NOT_APPLIED("not-applied"),
      /** The library has not been loaded. */
      NOT_SEEN("not-seen");

      private final String text;

      State(String text) {
        this.text = text;
      }

      /** Returns the word used in JSON and in tables. */
      public String text() {
        return text;
      }
    }

    /** Name of the instrumentation, such as {@code apache-httpclient-4.3}. */
    public final String name;

    /** Library it is for. */
    public final String library;

    /** Version of the library found; null when none was. */
    public final @Nullable String version;

    /** What became of it. */
    public final State state;

    /** Why it is not applied; null when it is. */
    public final @Nullable String reason;

    private Instrumentation(
        String name,
        String library,
        @Nullable String version,
        State state,
        @Nullable String reason) {
      this.name = name;
      this.library = library;
      this.version = version;
      this.state = state;
      this.reason = reason;
    }

    /** Returns an entry of the report. */
    public static Instrumentation of(
        String name,
        String library,
        @Nullable String version,
        State state,
        @Nullable String reason) {
      return new Instrumentation(name, library, version, state, reason);
    }

    private Map<String, Object> toMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      map.put("name", name);
      map.put("library", library);
      if (version != null) {
        map.put("version", version);
      }
      map.put("state", state.text());
      if (reason != null) {
        map.put("reason", reason);
      }
      return map;
    }

    static Instrumentation fromMap(Map<?, ?> map) {
      ReportFields in = new ReportFields(map);
      String word = in.text("state", "");
      for (State state : State.values()) {
        if (state.text().equals(word)) {
          return of(
              in.text("name", ""),
              in.text("library", ""),
              in.optionalText("version"),
              state,
              in.optionalText("reason"));
        }
      }
      throw new IllegalArgumentException(
          "instance report: state must be applied, not-applied or not-seen, not " + word);
    }
  }
}
