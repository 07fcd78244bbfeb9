package dev.weft.dataplane.filter;

import java.io.IOException;
import java.net.ConnectException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.function.BiConsumer;
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

  /** For {@link #withGrpcStatus} where a deadline has passed: 504 alone is told as UNAVAILABLE. */
  public static final int GRPC_DEADLINE_EXCEEDED = 4;

  private static final byte[] NOTHING = new byte[0];

  private final int status;
  private final ReplyKind kind;
  private final ResponseFlag flag;
  private final String stage;
  private final String policy;
  private final String reason;
  private final @Nullable Map<String, List<String>> headers;
  private final byte @Nullable [] content;
  private final boolean headOnly;
  private final int grpcStatus;

  private LocalReply(
      int status,
      ReplyKind kind,
      ResponseFlag flag,
      String stage,
      String policy,
      String reason,
      @Nullable Map<String, List<String>> headers,
      byte @Nullable [] content,
      boolean headOnly,
      int grpcStatus) {
    this.status = status;
    this.kind = Objects.requireNonNull(kind, "kind");
    this.flag = Objects.requireNonNull(flag, "flag");
    this.stage = Objects.requireNonNull(stage, "stage");
    this.policy = Objects.requireNonNull(policy, "policy");
    this.reason = Objects.requireNonNull(reason, "reason");
    this.headers = headers;
    this.content = content;
    this.headOnly = headOnly;
    this.grpcStatus = grpcStatus;
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
    return new LocalReply(status, kind, flag, stage, policy, reason, null, null, false, -1);
  }

  /**
   * What policy itself answers, which is no refusal: without {@link #HEADER}.
   *
   * @param status HTTP status, 200 to 599
   * @param headers all headers but {@code content-length}; kept, and not to be changed any more
   * @param content the body; kept, and not to be changed any more
   * @param stage the stage that answers, as the enum constant is written
   * @param policy the policy that asked for it
   */
  public static LocalReply answer(
      int status, Map<String, List<String>> headers, byte[] content, String stage, String policy) {
    return new LocalReply(
        status,
        ReplyKind.RESPONSE,
        ResponseFlag.NONE,
        stage,
        policy,
        "answered by policy",
        headers,
        content,
        false,
        -1);
  }

  /**
   * A refusal in somebody else's words: with {@link #HEADER} beside these headers.
   *
   * @param status HTTP status, 100 to 599
   * @param theirs all headers but {@code content-length}
   * @param content the body; kept, and not to be changed any more
   * @param reason one line for people who read logs
   */
  public static LocalReply refusal(
      int status,
      Map<String, List<String>> theirs,
      byte[] content,
      ResponseFlag flag,
      String stage,
      String policy,
      String reason) {
    LocalReply plain = of(status, ReplyKind.RESPONSE, flag, stage, policy, reason);
    Map<String, List<String>> headers = new LinkedHashMap<>(theirs);
    headers.put(HEADER, Collections.singletonList(plain.headerValue()));
    return new LocalReply(
        status, ReplyKind.RESPONSE, flag, stage, policy, reason, headers, content, false, -1);
  }

  /** The same as it answers HEAD: it tells the length of a body that does not come. */
  public LocalReply headOnly() {
    return new LocalReply(
        status, kind, flag, stage, policy, reason, headers(), content, true, grpcStatus);
  }

  /** The same with another header. */
  public LocalReply with(String header, String value) {
    Map<String, List<String>> all = new LinkedHashMap<>(headers());
    all.put(header, Collections.singletonList(value));
    return new LocalReply(
        status, kind, flag, stage, policy, reason, all, content, headOnly, grpcStatus);
  }

  /** The same that a client of gRPC takes for this status of gRPC, 0 to 16. */
  public LocalReply withGrpcStatus(int code) {
    return new LocalReply(
        status, kind, flag, stage, policy, reason, headers, content, headOnly, code);
  }

  /** HTTP status, 100 to 599. */
  public int status() {
    return status;
  }

  /** Status of gRPC that policy asks for, 0 to 16; -1 where that follows from {@link #status}. */
  public int grpcStatus() {
    return grpcStatus;
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

  /** One line for people; of a refusal also the {@link #body()}. */
  public String reason() {
    return reason;
  }

  /** Value of the header {@link #HEADER}: {@code stage} or {@code stage;policy}. */
  public String headerValue() {
    return policy.isEmpty() ? stage : stage + ";" + policy;
  }

  /** Body of the refusal, {@code text/plain; charset=utf-8}. */
  public String body() {
    return reason;
  }

  /** Bytes of the body that are sent; not to be changed. */
  public byte[] content() {
    return headOnly ? NOTHING : whole();
  }

  /** What {@code content-length} says. */
  public int length() {
    return whole().length;
  }

  private byte[] whole() {
    return content == null ? reason.getBytes(StandardCharsets.UTF_8) : content;
  }

  /** Hands name and value of each of {@link #headers} to a response that is made of this. */
  public void eachHeader(BiConsumer<String, String> response) {
    headers().forEach((name, values) -> values.forEach(value -> response.accept(name, value)));
  }

  /** Headers of the response but for {@code content-length}, with all values of each. */
  public Map<String, List<String>> headers() {
    if (headers != null) {
      return headers;
    }
    Map<String, List<String>> refusal = new LinkedHashMap<>(4);
    refusal.put("Content-Type", Collections.singletonList("text/plain; charset=utf-8"));
    refusal.put(HEADER, Collections.singletonList(headerValue()));
    return refusal;
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
