package dev.weft.dataplane.filter;

/**
 * Why a response is not simply what the other side said, with the letters of Envoy's access log
 * ({@code %RESPONSE_FLAGS%}), so that dashboards made for sidecars go on working.
 */
public enum ResponseFlag {
  /** Nothing happened on the way: the policy's own answer is what was asked for. */
  NONE,
  /** No healthy upstream: there is no endpoint to send to. */
  UH(0),
  /** Upstream connection failure. */
  UF(1),
  /** Upstream overflow: a bulkhead or the retry budget was full, or load was shed. */
  UO(2),
  /** Upstream request timeout: the per try timeout or the whole deadline passed. */
  UT(3),
  /** Upstream connection termination: closed or reset after the request had been sent. */
  UC(4),
  /** Upstream retry limit exceeded. */
  URX(5),
  /** No route matched. */
  NR(6),
  /** No cluster found: the route names a service this agent does not know. */
  NC(7),
  /** Delay injected. */
  DI(8),
  /** Fault (abort) injected. */
  FI(9),
  /** Rate limited. */
  RL(10),
  /** Denied by authorization or by identity. */
  UAEX(11),
  /** Local reset: a stage of ours failed, and the call was refused rather than let through. */
  LR(12),
  /** The deadline inherited from the caller had passed. */
  DT(13);

  private final int bit;

  ResponseFlag() {
    this.bit = 0;
  }

  ResponseFlag(int position) {
    this.bit = 1 << position;
  }

  /** This flag's bit in a set of flags. */
  public int bit() {
    return bit;
  }

  /** The flags of a set in Envoy's notation, {@code "-"} for none, else {@code "UF,URX"}. */
  public static String text(int bits) {
    if (bits == 0) {
      return "-";
    }
    StringBuilder text = new StringBuilder();
    for (ResponseFlag flag : values()) {
      if ((bits & flag.bit()) != 0) {
        if (text.length() > 0) {
          text.append(',');
        }
        text.append(flag.name());
      }
    }
    return text.toString();
  }
}
