package dev.weft.policy.snapshot;

import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** What holds for the databases it matches, already selected for the workload. */
public final class DatabasePolicy {
  /** Name of the resource, for rejections and logs. */
  public final String name;

  /** Namespace of the resource. */
  public final String namespace;

  /** Patterns of JDBC URLs without their parameters; {@code *} is any run of characters. */
  public final List<String> urls;

  /** Patterns of host names, with or without {@code :port}. */
  public final List<String> hosts;

  /** How connections are opened, and how many. */
  public final DatabaseConnections connections;

  /** Which statements may run, how many, and for how long. */
  public final DatabaseStatements statements;

  /** When the database counts as down; null never. */
  public final @Nullable DatabaseBreaker breaker;

  /** Where to connect instead of what the URL says; null there. */
  public final @Nullable DatabaseRedirect redirect;

  /** What secures a connection. */
  public final DatabaseTls tls;

  private DatabasePolicy(Builder b) {
    this.name = b.name;
    this.namespace = b.namespace;
    this.urls = Copies.of(b.urls);
    this.hosts = Copies.of(b.hosts);
    this.connections = b.connections;
    this.statements = b.statements;
    this.breaker = b.breaker;
    this.redirect = b.redirect;
    this.tls = b.tls;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns a builder that holds what this object holds. */
  public Builder toBuilder() {
    return new Builder()
        .name(name)
        .namespace(namespace)
        .urls(urls)
        .hosts(hosts)
        .connections(connections)
        .statements(statements)
        .breaker(breaker)
        .redirect(redirect)
        .tls(tls);
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      name, namespace, urls, hosts, connections, statements, breaker, redirect, tls
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof DatabasePolicy
        && Arrays.equals(fields(), ((DatabasePolicy) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "DatabasePolicy" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String name = "";
    private String namespace = "";
    private List<String> urls = Collections.emptyList();
    private List<String> hosts = Collections.emptyList();
    private DatabaseConnections connections = DatabaseConnections.unlimited();
    private DatabaseStatements statements = DatabaseStatements.unlimited();
    private @Nullable DatabaseBreaker breaker;
    private @Nullable DatabaseRedirect redirect;
    private DatabaseTls tls = DatabaseTls.NONE;

    private Builder() {}

    /** Sets {@link DatabasePolicy#name}. */
    public Builder name(String name) {
      this.name = name;
      return this;
    }

    /** Sets {@link DatabasePolicy#namespace}. */
    public Builder namespace(String namespace) {
      this.namespace = namespace;
      return this;
    }

    /** Sets {@link DatabasePolicy#urls}. */
    public Builder urls(List<String> urls) {
      this.urls = urls;
      return this;
    }

    /** Sets {@link DatabasePolicy#hosts}. */
    public Builder hosts(List<String> hosts) {
      this.hosts = hosts;
      return this;
    }

    /** Sets {@link DatabasePolicy#connections}. */
    public Builder connections(DatabaseConnections connections) {
      this.connections = connections;
      return this;
    }

    /** Sets {@link DatabasePolicy#statements}. */
    public Builder statements(DatabaseStatements statements) {
      this.statements = statements;
      return this;
    }

    /** Sets {@link DatabasePolicy#breaker}. */
    public Builder breaker(@Nullable DatabaseBreaker breaker) {
      this.breaker = breaker;
      return this;
    }

    /** Sets {@link DatabasePolicy#redirect}. */
    public Builder redirect(@Nullable DatabaseRedirect redirect) {
      this.redirect = redirect;
      return this;
    }

    /** Sets {@link DatabasePolicy#tls}. */
    public Builder tls(DatabaseTls tls) {
      this.tls = tls;
      return this;
    }

    /** Returns the finished object, with copies of the collections. */
    public DatabasePolicy build() {
      return new DatabasePolicy(this);
    }
  }
}
