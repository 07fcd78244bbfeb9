package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who calls. All the lists that are not empty must hold (Istio Source). */
public final class Source {
  /**
   * SPIFFE IDs without {@code spiffe://}; exact, {@code prefix*}, {@code *suffix} or {@code *};
   * empty means any.
   */
  public final List<String> principals;

  /** As {@link #principals}, none of which may match. */
  public final List<String> notPrincipals;

  /** Namespaces of the peer; same patterns as principals; empty means any. */
  public final List<String> namespaces;

  /** As {@link #namespaces}, none of which may match. */
  public final List<String> notNamespaces;

  /** {@code namespace/name} of the peer's service account, exact; empty means any. */
  public final List<String> serviceAccounts;

  /** As {@link #serviceAccounts}, none of which may match. */
  public final List<String> notServiceAccounts;

  /** Addresses or CIDR blocks of the connection's other end; empty means any. */
  public final List<String> ipBlocks;

  /** As {@link #ipBlocks}, none of which may match. */
  public final List<String> notIpBlocks;

  /**
   * {@code issuer/subject} of the verified token; exact, {@code prefix*}, {@code *suffix} or {@code
   * *}; empty means any.
   */
  public final List<String> requestPrincipals;

  /** As {@link #requestPrincipals}, none of which may match. */
  public final List<String> notRequestPrincipals;

  /** Trust domains of the peer; same patterns as principals; empty means any. */
  public final List<String> trustDomains;

  /** As {@link #trustDomains}, none of which may match. */
  public final List<String> notTrustDomains;

  /**
   * Addresses or CIDR blocks of the original client, as trusted proxies tell it; empty means any.
   */
  public final List<String> remoteIpBlocks;

  /** As {@link #remoteIpBlocks}, none of which may match. */
  public final List<String> notRemoteIpBlocks;

  private Source(Builder b) {
    this.principals = Copies.of(b.principals);
    this.notPrincipals = Copies.of(b.notPrincipals);
    this.namespaces = Copies.of(b.namespaces);
    this.notNamespaces = Copies.of(b.notNamespaces);
    this.serviceAccounts = Copies.of(b.serviceAccounts);
    this.notServiceAccounts = Copies.of(b.notServiceAccounts);
    this.ipBlocks = Copies.of(b.ipBlocks);
    this.notIpBlocks = Copies.of(b.notIpBlocks);
    this.requestPrincipals = Copies.of(b.requestPrincipals);
    this.notRequestPrincipals = Copies.of(b.notRequestPrincipals);
    this.trustDomains = Copies.of(b.trustDomains);
    this.notTrustDomains = Copies.of(b.notTrustDomains);
    this.remoteIpBlocks = Copies.of(b.remoteIpBlocks);
    this.notRemoteIpBlocks = Copies.of(b.notRemoteIpBlocks);
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .principals(principals)
        .notPrincipals(notPrincipals)
        .namespaces(namespaces)
        .notNamespaces(notNamespaces)
        .serviceAccounts(serviceAccounts)
        .notServiceAccounts(notServiceAccounts)
        .ipBlocks(ipBlocks)
        .notIpBlocks(notIpBlocks)
        .requestPrincipals(requestPrincipals)
        .notRequestPrincipals(notRequestPrincipals)
        .trustDomains(trustDomains)
        .notTrustDomains(notTrustDomains)
        .remoteIpBlocks(remoteIpBlocks)
        .notRemoteIpBlocks(notRemoteIpBlocks);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      principals,
      notPrincipals,
      namespaces,
      notNamespaces,
      serviceAccounts,
      notServiceAccounts,
      ipBlocks,
      notIpBlocks,
      requestPrincipals,
      notRequestPrincipals,
      trustDomains,
      notTrustDomains,
      remoteIpBlocks,
      notRemoteIpBlocks
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof Source && Arrays.equals(fields(), ((Source) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "Source" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private List<String> principals = Collections.emptyList();
    private List<String> notPrincipals = Collections.emptyList();
    private List<String> namespaces = Collections.emptyList();
    private List<String> notNamespaces = Collections.emptyList();
    private List<String> serviceAccounts = Collections.emptyList();
    private List<String> notServiceAccounts = Collections.emptyList();
    private List<String> ipBlocks = Collections.emptyList();
    private List<String> notIpBlocks = Collections.emptyList();
    private List<String> requestPrincipals = Collections.emptyList();
    private List<String> notRequestPrincipals = Collections.emptyList();
    private List<String> trustDomains = Collections.emptyList();
    private List<String> notTrustDomains = Collections.emptyList();
    private List<String> remoteIpBlocks = Collections.emptyList();
    private List<String> notRemoteIpBlocks = Collections.emptyList();

    private Builder() {}

    /** Sets {@link Source#principals}. */
    public Builder principals(List<String> principals) {
      this.principals = principals;
      return this;
    }

    /** Sets {@link Source#notPrincipals}. */
    public Builder notPrincipals(List<String> notPrincipals) {
      this.notPrincipals = notPrincipals;
      return this;
    }

    /** Sets {@link Source#namespaces}. */
    public Builder namespaces(List<String> namespaces) {
      this.namespaces = namespaces;
      return this;
    }

    /** Sets {@link Source#notNamespaces}. */
    public Builder notNamespaces(List<String> notNamespaces) {
      this.notNamespaces = notNamespaces;
      return this;
    }

    /** Sets {@link Source#serviceAccounts}. */
    public Builder serviceAccounts(List<String> serviceAccounts) {
      this.serviceAccounts = serviceAccounts;
      return this;
    }

    /** Sets {@link Source#notServiceAccounts}. */
    public Builder notServiceAccounts(List<String> notServiceAccounts) {
      this.notServiceAccounts = notServiceAccounts;
      return this;
    }

    /** Sets {@link Source#ipBlocks}. */
    public Builder ipBlocks(List<String> ipBlocks) {
      this.ipBlocks = ipBlocks;
      return this;
    }

    /** Sets {@link Source#notIpBlocks}. */
    public Builder notIpBlocks(List<String> notIpBlocks) {
      this.notIpBlocks = notIpBlocks;
      return this;
    }

    /** Sets {@link Source#requestPrincipals}. */
    public Builder requestPrincipals(List<String> requestPrincipals) {
      this.requestPrincipals = requestPrincipals;
      return this;
    }

    /** Sets {@link Source#notRequestPrincipals}. */
    public Builder notRequestPrincipals(List<String> notRequestPrincipals) {
      this.notRequestPrincipals = notRequestPrincipals;
      return this;
    }

    /** Sets {@link Source#trustDomains}. */
    public Builder trustDomains(List<String> trustDomains) {
      this.trustDomains = trustDomains;
      return this;
    }

    /** Sets {@link Source#notTrustDomains}. */
    public Builder notTrustDomains(List<String> notTrustDomains) {
      this.notTrustDomains = notTrustDomains;
      return this;
    }

    /** Sets {@link Source#remoteIpBlocks}. */
    public Builder remoteIpBlocks(List<String> remoteIpBlocks) {
      this.remoteIpBlocks = remoteIpBlocks;
      return this;
    }

    /** Sets {@link Source#notRemoteIpBlocks}. */
    public Builder notRemoteIpBlocks(List<String> notRemoteIpBlocks) {
      this.notRemoteIpBlocks = notRemoteIpBlocks;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public Source build() {
      return new Source(this);
    }
  }
}
