package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.RetryPolicy;
import java.util.Arrays;

/** When and how often a call is tried again: Istio's words as bits. Immutable. */
public final class CompiledRetry {
  /** Any 5xx answer, or no answer. */
  public static final int FIVE_XX = 1;

  /** 502, 503, 504, or no answer. */
  public static final int GATEWAY_ERROR = 1 << 1;

  /** No answer. */
  public static final int RESET = 1 << 2;

  /** No connection. */
  public static final int CONNECT_FAILURE = 1 << 3;

  /** 409. */
  public static final int RETRIABLE_4XX = 1 << 4;

  /** The stream was refused. */
  public static final int REFUSED_STREAM = 1 << 5;

  /** No answer, and the method may be repeated: what "safe to retry" means in RFC 9110, 9.2.2. */
  public static final int IDEMPOTENT_RESET = 1 << 6;

  /** No answer, and the request was never sent. */
  public static final int RESET_BEFORE_REQUEST = 1 << 7;

  /** The answer has the header {@code x-envoy-ratelimited}. */
  public static final int RATE_LIMITED = 1 << 8;

  private static final CompiledRetry DEFAULT = new CompiledRetry(RetryPolicy.defaults(), true);
  private static final CompiledRetry NONE =
      new CompiledRetry(RetryPolicy.builder().attempts(0).build(), false);

  private final int attempts;
  private final long perTryNanos;
  private final long backoffNanos;
  private final int words;
  private final int[] statusCodes;
  private final int grpcCodes;
  private final boolean ignorePreviousHosts;
  private final boolean remoteLocalities;

  private CompiledRetry(RetryPolicy policy, boolean byDefault) {
    this.attempts = Math.max(0, policy.attempts);
    this.perTryNanos = Math.max(0, policy.perTryTimeoutMillis) * 1_000_000;
    this.backoffNanos = (policy.backoffMillis > 0 ? policy.backoffMillis : 25) * 1_000_000;
    this.ignorePreviousHosts = policy.ignorePreviousHosts;
    this.remoteLocalities = policy.remoteLocalities;
    boolean silent = policy.retryOn.isEmpty() && policy.retriableStatusCodes.isEmpty();
    RetryPolicy spoken = silent ? RetryPolicy.defaults() : policy;
    int bits = byDefault || silent ? IDEMPOTENT_RESET : 0;
    int grpc = 0;
    int[] codes = new int[spoken.retriableStatusCodes.size() + spoken.retryOn.size()];
    int count = 0;
    for (Integer code : spoken.retriableStatusCodes) {
      codes[count++] = code;
    }
    for (String word : spoken.retryOn) {
      String trimmed = word.trim();
      int code = number(trimmed);
      if (code > 0) {
        codes[count++] = code;
      } else {
        bits |= bit(trimmed);
        grpc |= grpcBit(trimmed);
      }
    }
    this.words = bits;
    this.grpcCodes = grpc;
    this.statusCodes = Arrays.copyOf(codes, count);
    Arrays.sort(this.statusCodes);
  }

  /**
   * What a route without a retry policy gets: Istio's default, and resets of repeatable methods.
   */
  public static CompiledRetry byDefault() {
    return DEFAULT;
  }

  /** From a route's own policy. */
  public static CompiledRetry of(RetryPolicy policy) {
    // The policy language fills in the default conditions where a route names none.
    RetryPolicy defaults = RetryPolicy.defaults();
    boolean unnamed =
        policy.retryOn.equals(defaults.retryOn)
            && policy.retriableStatusCodes.equals(defaults.retriableStatusCodes);
    return new CompiledRetry(policy, unnamed);
  }

  /** No retry at all. */
  public static CompiledRetry none() {
    return NONE;
  }

  private static int number(String word) {
    if (word.length() != 3) {
      return 0;
    }
    for (int i = 0; i < 3; i++) {
      if (word.charAt(i) < '0' || word.charAt(i) > '9') {
        return 0;
      }
    }
    return Integer.parseInt(word);
  }

  private static int bit(String word) {
    switch (word) {
      case "5xx":
        return FIVE_XX;
      case "gateway-error":
        return GATEWAY_ERROR;
      case "reset":
        return RESET;
      case "connect-failure":
        return CONNECT_FAILURE;
      case "retriable-4xx":
        return RETRIABLE_4XX;
      case "refused-stream":
        return REFUSED_STREAM;
      case "reset-before-request":
        return RESET_BEFORE_REQUEST;
      case "envoy-ratelimited":
        return RATE_LIMITED;
      default:
        // retriable-status-codes only says that the numbers count, and they do anyway;
        // http3-post-connect-failure never happens to clients that speak no HTTP/3.
        return 0;
    }
  }

  /** gRPC status codes by name (grpc.io, status codes), as a bit set. */
  private static int grpcBit(String word) {
    switch (word) {
      case "cancelled":
        return 1 << 1;
      case "deadline-exceeded":
        return 1 << 4;
      case "resource-exhausted":
        return 1 << 8;
      case "internal":
        return 1 << 13;
      case "unavailable":
        return 1 << 14;
      default:
        return 0;
    }
  }

  /** Retries beyond the first attempt. */
  public int attempts() {
    return attempts;
  }

  /** Limit on one attempt; 0 for none. */
  public long perTryNanos() {
    return perTryNanos;
  }

  /** Base of the exponential backoff. */
  public long backoffNanos() {
    return backoffNanos;
  }

  /** Whether retries go on to other localities. */
  public boolean remoteLocalities() {
    return remoteLocalities;
  }

  /** Whether a retry prefers an endpoint not tried before. */
  public boolean ignorePreviousHosts() {
    return ignorePreviousHosts;
  }

  /** Whether the policy has the word. */
  public boolean has(int word) {
    return (words & word) != 0;
  }

  /** Whether a header {@code grpc-status} has to be read. */
  public boolean readsGrpcStatus() {
    return grpcCodes != 0;
  }

  /** Whether an answer with this status is worth another attempt. */
  public boolean retriesStatus(int status) {
    return (status >= 500 && has(FIVE_XX))
        || (status >= 502 && status <= 504 && has(GATEWAY_ERROR))
        || (status == 409 && has(RETRIABLE_4XX))
        || Arrays.binarySearch(statusCodes, status) >= 0;
  }

  /** Whether this value of {@code grpc-status} is worth another attempt. */
  public boolean retriesGrpc(String grpcStatus) {
    int code = 0;
    for (int i = 0; i < grpcStatus.length(); i++) {
      int digit = grpcStatus.charAt(i) - '0';
      if (digit < 0 || digit > 9 || i > 1) {
        return false;
      }
      code = code * 10 + digit;
    }
    return code > 0 && code < 32 && (grpcCodes & (1 << code)) != 0;
  }
}
