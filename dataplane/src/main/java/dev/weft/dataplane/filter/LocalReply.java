package dev.weft.dataplane.filter;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.util.Objects;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;

/**
 * An answer that the mesh gives itself in place of the other side: the status a sidecar would have
 * given, and who gave it. The adapter of the library turns it into a native response or a native
 * exception. Immutable.
 */
public final class LocalReply {
  /** The response header that names stage and policy, in the manner of {@code server-timing}. */
  public static final String HEADER = "x-weft-rejection";

  private final int status;
  private final ReplyKind kind;
  private final ResponseFlag flag;
  private final String stage;
  private final String policy;
  private final String reason;

  private LocalReply(
      int status, ReplyKind kind, ResponseFlag flag, String stage, String policy, String reason) {
    this.status = status;
    this.kind = Objects.requireNonNull(kind, "kind");
    this.flag = Objects.requireNonNull(flag, "flag");
    this.stage = Objects.requireNonNull(stage, "stage");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.reason = Objects.requireNonNull(reason, "reason");
  }

  /**
   * A reply of any kind.
   *
   * @param status HTTP status, 100 to 599
   * @param stage the stage that decided, as the enum constant is written
   * @param policy the policy that asked for it, {@code ""} when none did
   * @param reason one line for people: what failed, the value seen, what to do
   */
  public static LocalReply of(
      int status, ReplyKind kind, ResponseFlag flag, String stage, String policy, String reason) {
    if (status < 100 || status > 599) {
      throw new IllegalArgumentException("HTTP status " + status + " is not within 100 to 599");
    }
    return new LocalReply(status, kind, flag, stage, policy, reason);
  }

  /** HTTP status, 100 to 599. */
  public int status() {
    return status;
  }

  /** Which native failure it is where no response can be made. */
  public ReplyKind kind() {
    return kind;
  }

  /** Why, in the letters of Envoy's access log. */
  public ResponseFlag flag() {
    return flag;
  }

  /** The stage that decided. */
  public String stage() {
    return stage;
  }

  /** The policy that asked for it, or {@code ""}. */
  public String policy() {
    return policy;
  }

  /** One line for people; also the {@link #body()}. */
  public String reason() {
    return reason;
  }

  /** Value of the header {@link #HEADER}: {@code stage} or {@code stage;policy}. */
  public String headerValue() {
    return policy.isEmpty() ? stage : stage + ";" + policy;
  }

  /** Body of the response, {@code text/plain; charset=utf-8}. */
  public String body() {
    return reason;
  }

  /**
   * The exception of {@code java.net} or {@code javax.net.ssl} for it, for clients whose own
   * exceptions are these or are made of these.
   *
   * @param host the host that the application named, {@code ""} when that is not known
   * @return null when the reply is to be a response
   */
  public @Nullable IOException failure(String host) {
    switch (kind) {
      case CONNECT_FAILURE:
        return new ConnectException(reason);
      case TIMEOUT:
        return new SocketTimeoutException(reason);
      case UNKNOWN_HOST:
        return new UnknownHostException(host.isEmpty() ? reason : host + ": " + reason);
      case IDENTITY_REFUSED:
        return new SSLException(reason);
      case RESPONSE:
        return null;
    }
    return null;
  }

  @Override
  public String toString() {
    return status + " " + flag + " " + headerValue() + ": " + reason;
  }
}
