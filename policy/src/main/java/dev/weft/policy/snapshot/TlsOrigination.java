package dev.weft.policy.snapshot;

import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * With what TLS to servers outside the mesh is made, under {@link TlsMode#SIMPLE} and {@link
 * TlsMode#MUTUAL}; that of the mesh, under {@link TlsMode#ISTIO_MUTUAL}, has the server name only.
 * Files are PEM, on the machine of the application. Immutable.
 */
public final class TlsOrigination {
  private static final TlsOrigination DEFAULTS = new Builder().build();

  /** Server name to indicate; empty for the host that is called, in the mesh the service's. */
  public final String sni;

  /** File of the certificates that vouch for a server; empty for those that the JVM trusts. */
  public final String caCertificates;

  /** File of revocation lists; empty when none is asked. */
  public final String caCrl;

  /** File of the chain to show, the leaf first; empty to show none. */
  public final String clientCertificate;

  /** File of the key of {@link #clientCertificate}. */
  public final String privateKey;

  /** Any certificate of a server will do. */
  public final boolean insecureSkipVerify;

  private TlsOrigination(Builder b) {
    this.sni = b.sni;
    this.caCertificates = b.caCertificates;
    this.caCrl = b.caCrl;
    this.clientCertificate = b.clientCertificate;
    this.privateKey = b.privateKey;
    this.insecureSkipVerify = b.insecureSkipVerify;
  }

  /** Returns a builder with the defaults. */
  public static Builder builder() {
    return new Builder();
  }

  /** Returns what holds where nothing is said. */
  public static TlsOrigination defaults() {
    return DEFAULTS;
  }

  private @Nullable Object[] fields() {
    return new @Nullable Object[] {
      sni, caCertificates, caCrl, clientCertificate, privateKey, insecureSkipVerify
    };
  }

  @Override
  public boolean equals(@Nullable Object other) {
    return other instanceof TlsOrigination
        && Arrays.equals(fields(), ((TlsOrigination) other).fields());
  }

  @Override
  public int hashCode() {
    return Arrays.hashCode(fields());
  }

  @Override
  public String toString() {
    return "TlsOrigination" + Arrays.toString(fields());
  }

  /** Collects the fields; not thread-safe, usable once or more. */
  public static final class Builder {
    private String sni = "";
    private String caCertificates = "";
    private String caCrl = "";
    private String clientCertificate = "";
    private String privateKey = "";
    private boolean insecureSkipVerify;

    private Builder() {}

    /** Sets {@link TlsOrigination#sni}. */
    public Builder sni(String sni) {
      this.sni = sni;
      return this;
    }

    /** Sets {@link TlsOrigination#caCertificates}. */
    public Builder caCertificates(String caCertificates) {
      this.caCertificates = caCertificates;
      return this;
    }

    /** Sets {@link TlsOrigination#caCrl}. */
    public Builder caCrl(String caCrl) {
      this.caCrl = caCrl;
      return this;
    }

    /** Sets {@link TlsOrigination#clientCertificate}. */
    public Builder clientCertificate(String clientCertificate) {
      this.clientCertificate = clientCertificate;
      return this;
    }

    /** Sets {@link TlsOrigination#privateKey}. */
    public Builder privateKey(String privateKey) {
      this.privateKey = privateKey;
      return this;
    }

    /** Sets {@link TlsOrigination#insecureSkipVerify}. */
    public Builder insecureSkipVerify(boolean insecureSkipVerify) {
      this.insecureSkipVerify = insecureSkipVerify;
      return this;
    }

    /** Returns the finished object. */
    public TlsOrigination build() {
      return new TlsOrigination(this);
    }
  }
}
