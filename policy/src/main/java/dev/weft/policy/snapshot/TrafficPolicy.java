package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * How calls to a service or subset are balanced, limited, secured and given up (DestinationRule).
 */
public final class TrafficPolicy {
  private static final TrafficPolicy DEFAULTS = new Builder().build();

  /** How an endpoint is picked, unless {@link #consistentHash} says. */
  public final LoadBalancer loadBalancer;

  /** Which part of a request decides on its endpoint; null when none does. */
  public final @Nullable ConsistentHash consistentHash;

  /** How localities weigh in. */
  public final LocalityBalancing localities;

  /** How new endpoints are brought up; null when they get their share at once. */
  public final @Nullable Warmup warmup;

  /** Limits on connections and requests. */
  public final ConnectionPool connectionPool;

  /** When endpoints are ejected; null means never. */
  public final @Nullable OutlierDetection outlierDetection;

  /** How endpoints are asked whether they are well; null when they are not asked. */
  public final @Nullable HealthCheck healthCheck;

  /** Whether calls are secured. */
  public final TlsMode tls;

  /** With what TLS is made where {@link #tls} is that with servers outside the mesh. */
  public final TlsOrigination origination;

  /**
   * Names of which a server must have one: SPIFFE IDs in the mesh, names of certificates outside;
   * empty when the endpoint's own, or the name that is called, is enough.
   */
  public final List<String> subjectAltNames;

  /** Ceiling on retries in proportion to requests. */
  public final RetryBudget retryBudget;

  /**
   * After so long without an answer a request that may be sent twice is sent to a second instance,
   * too; 0 for never.
   */
  public final long hedgeAfterMillis;

  /** Port of the service that is called to what holds there in place of all of this. */
  public final Map<Integer, TrafficPolicy> ports;

  private TrafficPolicy(Builder b) {
    this.loadBalancer = b.loadBalancer;
    this.consistentHash = b.consistentHash;
    this.localities = b.localities;
    this.warmup = b.warmup;
    this.connectionPool = b.connectionPool;
    this.outlierDetection = b.outlierDetection;
    this.healthCheck = b.healthCheck;
    this.tls = b.tls;
    this.origination = b.origination;
    this.subjectAltNames = Copies.of(b.subjectAltNames);
    this.retryBudget = b.retryBudget;
    this.hedgeAfterMillis = b.hedgeAfterMillis;
    this.ports = Copies.of(b.ports);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .loadBalancer(loadBalancer)
        .consistentHash(consistentHash)
        .localities(localities)
        .warmup(warmup)
        .connectionPool(connectionPool)
        .outlierDetection(outlierDetection)
        .healthCheck(healthCheck)
        .tls(tls)
        .origination(origination)
        .subjectAltNames(subjectAltNames)
        .retryBudget(retryBudget)
        .hedgeAfterMillis(hedgeAfterMillis)
        .ports(ports);
  }

  /** Returns the policy of a service without a DestinationRule. */
  public static TrafficPolicy defaults() {
    return DEFAULTS;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      loadBalancer,
      consistentHash,
      warmup,
      localities,
      connectionPool,
      outlierDetection,
      healthCheck,
      tls,
      origination,
      subjectAltNames,
      retryBudget,
      hedgeAfterMillis,
      ports
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TrafficPolicy
        && Arrays.equals(fields(), ((TrafficPolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "TrafficPolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private LoadBalancer loadBalancer = LoadBalancer.LEAST_REQUEST;
    private @Nullable ConsistentHash consistentHash = null;
    private LocalityBalancing localities = LocalityBalancing.defaults();
    private @Nullable Warmup warmup = null;
    private ConnectionPool connectionPool = ConnectionPool.unlimited();
    private @Nullable OutlierDetection outlierDetection = null;
    private @Nullable HealthCheck healthCheck = null;
    private TlsMode tls = TlsMode.UNSET;
    private TlsOrigination origination = TlsOrigination.defaults();
    private List<String> subjectAltNames = Collections.emptyList();
    private RetryBudget retryBudget = RetryBudget.defaults();
    private long hedgeAfterMillis;
    private Map<Integer, TrafficPolicy> ports = Collections.emptyMap();

    private Builder() {}

    /** Sets {@link TrafficPolicy#loadBalancer}. */
    public Builder loadBalancer(LoadBalancer loadBalancer) {
      this.loadBalancer = loadBalancer;
      return this;
    }

    /** Sets {@link TrafficPolicy#consistentHash}. */
    public Builder consistentHash(@Nullable ConsistentHash consistentHash) {
      this.consistentHash = consistentHash;
      return this;
    }

    /** Sets {@link TrafficPolicy#localities}. */
    public Builder localities(LocalityBalancing localities) {
      this.localities = localities;
      return this;
    }

    /** Sets {@link TrafficPolicy#warmup}. */
    public Builder warmup(@Nullable Warmup warmup) {
      this.warmup = warmup;
      return this;
    }

    /** Sets {@link TrafficPolicy#connectionPool}. */
    public Builder connectionPool(ConnectionPool connectionPool) {
      this.connectionPool = connectionPool;
      return this;
    }

    /** Sets {@link TrafficPolicy#outlierDetection}. */
    public Builder outlierDetection(@Nullable OutlierDetection outlierDetection) {
      this.outlierDetection = outlierDetection;
      return this;
    }

    /** Sets {@link TrafficPolicy#healthCheck}. */
    public Builder healthCheck(@Nullable HealthCheck healthCheck) {
      this.healthCheck = healthCheck;
      return this;
    }

    /** Sets {@link TrafficPolicy#tls}. */
    public Builder tls(TlsMode tls) {
      this.tls = tls;
      return this;
    }

    /** Sets {@link TrafficPolicy#origination}. */
    public Builder origination(TlsOrigination origination) {
      this.origination = origination;
      return this;
    }

    /** Sets {@link TrafficPolicy#subjectAltNames}. */
    public Builder subjectAltNames(List<String> subjectAltNames) {
      this.subjectAltNames = subjectAltNames;
      return this;
    }

    /** Sets {@link TrafficPolicy#retryBudget}. */
    public Builder retryBudget(RetryBudget retryBudget) {
      this.retryBudget = retryBudget;
      return this;
    }

    /** Sets {@link TrafficPolicy#hedgeAfterMillis}. */
    public Builder hedgeAfterMillis(long hedgeAfterMillis) {
      this.hedgeAfterMillis = hedgeAfterMillis;
      return this;
    }

    /** Sets {@link TrafficPolicy#ports}. */
    public Builder ports(Map<Integer, TrafficPolicy> ports) {
      this.ports = ports;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public TrafficPolicy build() {
      return new TrafficPolicy(this);
    }
  }
}
