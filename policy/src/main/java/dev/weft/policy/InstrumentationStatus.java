package dev.weft.policy;

import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** One instrumentation in one instance, and what became of it. Immutable. */
public final class InstrumentationStatus {
  /** What became of an instrumentation. */
  public enum State {
    /** In force. */
    APPLIED("applied"),
    /** The library is there, but could not be instrumented. */
    NOT_APPLIED("not-applied"),
    /** The library has not been loaded. */
    NOT_SEEN("not-seen");

    private final String text;

    State(String text) {
      this.text = text;
    }

    /** Returns the word used in JSON and in tables. */
    public String text() {
      return text;
    }
  }

  /** Name of the instrumentation, such as {@code apache-httpclient-4.3}. */
  public final String name;

  /** Library it is for. */
  public final String library;

  /** Version of the library found, {@code unknown} when none could be read; null when not seen. */
  public final @Nullable String version;

  /** What became of it. */
  public final State state;

  /**
   * One word for why it is not applied, fit for a metric: {@code version}, {@code shape}, {@code
   * shaded}, {@code other-agent}, {@code unsupported} or {@code failure}; null when it is applied.
   */
  public final @Nullable String cause;

  /** Why it is not applied, as a sentence; null when it is. */
  public final @Nullable String reason;

  /** Whether calls come into the application unchecked where it is not applied. */
  public final boolean guard;

  private InstrumentationStatus(
      String name,
      String library,
      @Nullable String version,
      State state,
      @Nullable String cause,
      @Nullable String reason,
      boolean guard) {
    this.name = name;
    this.library = library;
    this.version = version;
    this.state = state;
    this.cause = cause;
    this.reason = reason;
    this.guard = guard;
  }

  /** Returns an instrumentation that is in force. */
  public static InstrumentationStatus applied(
      String name, String library, String version, boolean guard) {
    return new InstrumentationStatus(name, library, version, State.APPLIED, null, null, guard);
  }

  /** Returns an instrumentation whose library is there, and why it is not in force. */
  public static InstrumentationStatus notApplied(
      String name, String library, String version, String cause, String reason, boolean guard) {
    return new InstrumentationStatus(
        name, library, version, State.NOT_APPLIED, cause, reason, guard);
  }

  /** Returns an instrumentation whose library has not been loaded. */
  public static InstrumentationStatus notSeen(String name, String library, boolean guard) {
    return new InstrumentationStatus(name, library, null, State.NOT_SEEN, null, null, guard);
  }

  Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", name);
    map.put("library", library);
    if (version != null) {
      map.put("version", version);
    }
    map.put("state", state.text());
    if (cause != null) {
      map.put("cause", cause);
    }
    if (reason != null) {
      map.put("reason", reason);
    }
    map.put("guard", guard);
    return map;
  }

  static InstrumentationStatus fromMap(Map<?, ?> map) {
    ReportFields in = new ReportFields(map);
    String word = in.text("state", "");
    for (State state : State.values()) {
      if (state.text().equals(word)) {
        return new InstrumentationStatus(
            in.text("name", ""),
            in.text("library", ""),
            in.optionalText("version"),
            state,
            in.optionalText("cause"),
            in.optionalText("reason"),
            in.flag("guard"));
      }
    }
    throw new IllegalArgumentException(
        "instance report: state must be applied, not-applied or not-seen, not " + word);
  }
}
