package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Everything one agent runs on: a complete, immutable picture of its part of the mesh.
 *
 * <p>An agent swaps whole snapshots; nothing in one refers to another.
 */
public final class Snapshot {
  private static final Snapshot EMPTY = new Builder().build();

  /**
   * Grows by at least one with every change within an {@link #epoch}; 0 only in {@link #empty()}.
   */
  public final long version;

  /**
   * Identity of the store that counts {@link #version}; a new one means that the history was
   * replaced.
   */
  public final String epoch;

  /**
   * The sender's memory may be older than what it said before: what an agent knows to be withdrawn
   * stays so, until a snapshot without this mark comes.
   */
  public final boolean restored;

  /** SPIFFE trust domain of every identity in {@link #trustBundle}. */
  public final String trustDomain;

  /** Root certificates in PEM, the newest last. */
  public final List<String> trustBundle;

  /** SPIFFE IDs that are no longer trusted although their certificates may still be in date. */
  public final List<String> withdrawn;

  /** Namespace of the workload that receives this snapshot. */
  public final String localNamespace;

  /**
   * Where the instance is ({@code region/zone/sub-zone}) if it does not say so itself; {@code ""}
   * when nobody knows.
   */
  public final String locality;

  /** Services that the workload may call by name; for other authorities see {@link #outbound}. */
  public final List<Service> services;

  /**
   * Which resource narrows the services, and in which version; {@code ""} for none. Where it is
   * another than before, services that are gone were taken out on purpose.
   */
  public final String scope;

  /** What becomes of calls to hosts that no service has. */
  public final OutboundTrafficPolicy outbound;

  /** What the workload demands of its callers. */
  public final InboundPolicy inbound;

  /**
   * What holds for databases that the workload opens, the first that matches one deciding alone; a
   * database that none matches is left alone.
   */
  public final List<DatabasePolicy> databases;

  /** What telemetry does of the workload's requests, or null when policy says nothing of it. */
  public final @Nullable TelemetryPolicy telemetry;

  /** How the instance finds out whether it can be called; null when it always can. */
  public final @Nullable ReadinessProbe probe;

  private Snapshot(Builder b) {
    this.version = b.version;
    this.epoch = b.epoch;
    this.restored = b.restored;
    this.trustDomain = b.trustDomain;
    this.trustBundle = Copies.of(b.trustBundle);
    this.withdrawn = Copies.of(b.withdrawn);
    this.localNamespace = b.localNamespace;
    this.services = Copies.of(b.services);
    this.locality = b.locality;
    this.scope = b.scope;
    this.outbound = b.outbound;
    this.inbound = b.inbound;
    this.databases = Copies.of(b.databases);
    this.telemetry = b.telemetry;
    this.probe = b.probe;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .version(version)
        .epoch(epoch)
        .restored(restored)
        .trustDomain(trustDomain)
        .trustBundle(trustBundle)
        .withdrawn(withdrawn)
        .localNamespace(localNamespace)
        .services(services)
        .locality(locality)
        .scope(scope)
        .outbound(outbound)
        .inbound(inbound)
        .databases(databases)
        .telemetry(telemetry)
        .probe(probe);
  }

  /** Returns the snapshot of an agent that has heard nothing yet: no service, nothing demanded. */
  public static Snapshot empty() {
    return EMPTY;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      version,
      epoch,
      restored,
      trustDomain,
      trustBundle,
      withdrawn,
      localNamespace,
      services,
      locality,
      scope,
      outbound,
      inbound,
      databases,
      telemetry,
      probe
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Snapshot && Arrays.equals(fields(), ((Snapshot) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Snapshot" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private long version;
    private String epoch = "";
    private boolean restored;
    private String trustDomain = "cluster.local";
    private List<String> trustBundle = Collections.emptyList();
    private List<String> withdrawn = Collections.emptyList();
    private String localNamespace = "default";
    private List<Service> services = Collections.emptyList();
    private String locality = "";
    private String scope = "";
    private OutboundTrafficPolicy outbound = OutboundTrafficPolicy.ALLOW_ANY;
    private InboundPolicy inbound = InboundPolicy.permissive();
    private List<DatabasePolicy> databases = Collections.emptyList();
    private @Nullable TelemetryPolicy telemetry;
    private @Nullable ReadinessProbe probe;

    private Builder() {}

    /** Sets {@link Snapshot#version}. */
    public Builder version(long version) {
      this.version = version;
      return this;
    }

    /** Sets {@link Snapshot#epoch}. */
    public Builder epoch(String epoch) {
      this.epoch = epoch;
      return this;
    }

    /** Sets {@link Snapshot#restored}. */
    public Builder restored(boolean restored) {
      this.restored = restored;
      return this;
    }

    /** Sets {@link Snapshot#trustDomain}. */
    public Builder trustDomain(String trustDomain) {
      this.trustDomain = trustDomain;
      return this;
    }

    /** Sets {@link Snapshot#trustBundle}. */
    public Builder trustBundle(List<String> trustBundle) {
      this.trustBundle = trustBundle;
      return this;
    }

    /** Sets {@link Snapshot#withdrawn}. */
    public Builder withdrawn(List<String> withdrawn) {
      this.withdrawn = withdrawn;
      return this;
    }

    /** Sets {@link Snapshot#localNamespace}. */
    public Builder localNamespace(String localNamespace) {
      this.localNamespace = localNamespace;
      return this;
    }

    /** Sets {@link Snapshot#services}. */
    public Builder services(List<Service> services) {
      this.services = services;
      return this;
    }

    /** Sets {@link Snapshot#locality}. */
    public Builder locality(String locality) {
      this.locality = locality;
      return this;
    }

    /** Sets {@link Snapshot#scope}. */
    public Builder scope(String scope) {
      this.scope = scope;
      return this;
    }

    /** Sets {@link Snapshot#outbound}. */
    public Builder outbound(OutboundTrafficPolicy outbound) {
      this.outbound = outbound;
      return this;
    }

    /** Sets {@link Snapshot#inbound}. */
    public Builder inbound(InboundPolicy inbound) {
      this.inbound = inbound;
      return this;
    }

    /** Sets {@link Snapshot#databases}. */
    public Builder databases(List<DatabasePolicy> databases) {
      this.databases = databases;
      return this;
    }

    /** Sets {@link Snapshot#telemetry}. */
    public Builder telemetry(@Nullable TelemetryPolicy telemetry) {
      this.telemetry = telemetry;
      return this;
    }

    /** Sets {@link Snapshot#probe}. */
    public Builder probe(@Nullable ReadinessProbe probe) {
      this.probe = probe;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Snapshot build() {
      return new Snapshot(this);
    }
  }
}
