package dev.weft.dataplane.telemetry;

import java.util.concurrent.ThreadLocalRandom;
import org.jspecify.annotations.Nullable;

/**
 * One position in a trace as W3C Trace Context puts it on the wire
 * (https://www.w3.org/TR/trace-context/), and the position the calling thread works for. Parsing
 * and formatting are our own, so that a request that is not sampled touches no class of the
 * OpenTelemetry SDK.
 *
 * <p>Immutable. The current position is held per thread: it is set while a request is served, and
 * read by calls that the same thread makes. {@link #capture()} carries it to another thread.
 */
public final class TraceContext {

  private static final ThreadLocal<@Nullable TraceContext> CURRENT = new ThreadLocal<>();
  private static final int HEADER_LENGTH = 55;
  private static final int MAX_STATE_LENGTH = 512;
  private static final int SAMPLED = 0x01;
  private static final int KNOWN_FLAGS = 0x03;
  private static final String HEX = "0123456789abcdef";

  private final long traceIdHigh;
  private final long traceIdLow;
  private final long spanId;
  private final int flags;
  private final @Nullable String state;

  private TraceContext(
      long traceIdHigh, long traceIdLow, long spanId, int flags, @Nullable String state) {
    this.traceIdHigh = traceIdHigh;
    this.traceIdLow = traceIdLow;
    this.spanId = spanId;
    this.flags = flags;
    this.state = state;
  }

  /**
   * Reads the two headers.
   *
   * @param traceparent the header as received
   * @param stateHeader the companion header; kept verbatim up to 512 characters, dropped when
   *     longer (section 3.3.1.5)
   * @return null when {@code traceparent} is absent or malformed; the trace then starts anew
   *     (section 4.3)
   */
  public static @Nullable TraceContext parse(
      @Nullable String traceparent, @Nullable String stateHeader) {
    if (traceparent == null) {
      return null;
    }
    String text = traceparent.trim();
    int length = text.length();
    if (length < HEADER_LENGTH
        || text.charAt(2) != '-'
        || text.charAt(35) != '-'
        || text.charAt(52) != '-') {
      return null;
    }
    long version = hex(text, 0, 2);
    if (version < 0 || version == 0xff) {
      return null;
    }
    boolean surplus = length > HEADER_LENGTH;
    if (surplus && (version == 0 || text.charAt(HEADER_LENGTH) != '-')) {
      return null;
    }
    if (!isHex(text, 3, 35) || !isHex(text, 36, 52) || !isHex(text, 53, 55)) {
      return null;
    }
    long high = hex(text, 3, 19);
    long low = hex(text, 19, 35);
    long span = hex(text, 36, 52);
    if ((high | low) == 0 || span == 0) {
      return null;
    }
    int flags = (int) hex(text, 53, 55) & KNOWN_FLAGS;
    return new TraceContext(high, low, span, flags, readState(stateHeader));
  }

  /** Starts a trace with random identifiers. */
  public static TraceContext root(boolean sampled) {
    ThreadLocalRandom random = ThreadLocalRandom.current();
    long low = nonZero(random);
    return new TraceContext(random.nextLong(), low, nonZero(random), sampled ? SAMPLED : 0, null);
  }

  /** The next position in the same trace: same trace and state, a new span identifier. */
  public TraceContext child(boolean sampled) {
    int childFlags = sampled ? flags | SAMPLED : flags & ~SAMPLED;
    return new TraceContext(
        traceIdHigh, traceIdLow, nonZero(ThreadLocalRandom.current()), childFlags, state);
  }

  /** The same position with the sampling decision replaced. */
  public TraceContext sampled(boolean sampled) {
    int newFlags = sampled ? flags | SAMPLED : flags & ~SAMPLED;
    return newFlags == flags
        ? this
        : new TraceContext(traceIdHigh, traceIdLow, spanId, newFlags, state);
  }

  /** The position the calling thread works for; null when it serves no traced request. */
  public static @Nullable TraceContext current() {
    return CURRENT.get();
  }

  /**
   * Sets the position of the calling thread.
   *
   * @return what was there before, to be given to this method again when the work is done
   */
  public static @Nullable TraceContext swap(@Nullable TraceContext next) {
    TraceContext previous = CURRENT.get();
    if (next != previous) {
      // A null entry stays with the thread: it keeps nothing alive, and removing it costs more than
      // all the rest of an untraced request's telemetry.
      CURRENT.set(next);
    }
    return previous;
  }

  /** Takes the calling thread's position along, for work that another thread will do. */
  public static Captured capture() {
    TraceContext taken = CURRENT.get();
    return taken == null ? Captured.NOTHING : new Captured(taken);
  }

  /** Whether both name the same span. */
  boolean isSameSpan(TraceContext other) {
    return spanId == other.spanId
        && traceIdLow == other.traceIdLow
        && traceIdHigh == other.traceIdHigh;
  }

  /** Whether this trace is being recorded. */
  public boolean isSampled() {
    return (flags & SAMPLED) != 0;
  }

  /** The low 64 bits of the trace identifier: what ratio samplers decide by. */
  public long traceIdLow() {
    return traceIdLow;
  }

  /** The trace identifier, 32 lower-case hexadecimal digits. */
  public String traceId() {
    char[] out = new char[32];
    write(traceIdHigh, out, 0, 16);
    write(traceIdLow, out, 16, 16);
    return new String(out);
  }

  /** The span identifier, 16 lower-case hexadecimal digits. */
  public String spanId() {
    char[] out = new char[16];
    write(spanId, out, 0, 16);
    return new String(out);
  }

  /** The {@code tracestate} header that goes with {@link #header()}, null when there is none. */
  public @Nullable String state() {
    return state;
  }

  /** The {@code traceparent} header for a request made from this position. */
  public String header() {
    char[] out = new char[HEADER_LENGTH];
    out[0] = '0';
    out[1] = '0';
    out[2] = '-';
    write(traceIdHigh, out, 3, 16);
    write(traceIdLow, out, 19, 16);
    out[35] = '-';
    write(spanId, out, 36, 16);
    out[52] = '-';
    write(flags, out, 53, 2);
    return new String(out);
  }

  @Override
  public String toString() {
    return header();
  }

  private static @Nullable String readState(@Nullable String stateHeader) {
    if (stateHeader == null || stateHeader.isEmpty() || stateHeader.length() > MAX_STATE_LENGTH) {
      return null;
    }
    for (int i = 0; i < stateHeader.length(); i++) {
      char c = stateHeader.charAt(i);
      if ((c < ' ' && c != '\t') || c > '~') {
        return null;
      }
    }
    return stateHeader;
  }

  private static long nonZero(ThreadLocalRandom random) {
    long value = random.nextLong();
    while (value == 0) {
      value = random.nextLong();
    }
    return value;
  }

  private static boolean isHex(String text, int from, int to) {
    for (int i = from; i < to; i++) {
      if (digit(text.charAt(i)) < 0) {
        return false;
      }
    }
    return true;
  }

  /**
   * The value of at most 16 digits; -1 when a short field (below 16 digits) holds something else.
   */
  private static long hex(String text, int from, int to) {
    long value = 0;
    for (int i = from; i < to; i++) {
      int digit = digit(text.charAt(i));
      if (digit < 0) {
        return -1;
      }
      value = (value << 4) | digit;
    }
    return value;
  }

  /** Lower case only: section 3.2.2 forbids upper case. */
  private static int digit(char c) {
    if (c >= '0' && c <= '9') {
      return c - '0';
    }
    return c >= 'a' && c <= 'f' ? c - 'a' + 10 : -1;
  }

  private static void write(long value, char[] out, int at, int digits) {
    long rest = value;
    for (int i = at + digits - 1; i >= at; i--) {
      out[i] = HEX.charAt((int) (rest & 0xf));
      rest >>>= 4;
    }
  }

  /** A position taken from one thread, to be put on another. Immutable. */
  public static final class Captured {

    static final Captured NOTHING = new Captured(null);

    private final @Nullable TraceContext taken;

    private Captured(@Nullable TraceContext taken) {
      this.taken = taken;
    }

    /** What was taken; null when the thread had nothing. */
    public @Nullable TraceContext context() {
      return taken;
    }

    /** Runs {@code task} with the position taken, and puts the thread's own back. */
    public void run(Runnable task) {
      TraceContext previous = swap(taken);
      try {
        task.run();
      } finally {
        swap(previous);
      }
    }
  }
}
