package dev.weft.agent.control;

import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** How the control client is doing at one moment. Immutable. */
public final class ControlStatus {

  /** The phases of the control connection. */
  public enum Phase {
    /** No certificate yet. */
    JOINING,
    /** The watch is open. */
    CONNECTED,
    /** The control server is away; the agent goes on with what it has. */
    DISCONNECTED,
    /** The control server refuses this identity; an operator has to make a token. */
    REFUSED,
    /** Ended with the JVM. */
    CLOSED
  }

  private final Phase phase;
  private final @Nullable Instant certificateNotAfter;
  private final long snapshotVersion;
  private final @Nullable String snapshotError;
  private final @Nullable String lastFailure;
  private final int renewals;

  ControlStatus(
      Phase phase,
      @Nullable Instant certificateNotAfter,
      long snapshotVersion,
      @Nullable String snapshotError,
      @Nullable String lastFailure,
      int renewals) {
    this.phase = phase;
    this.certificateNotAfter = certificateNotAfter;
    this.snapshotVersion = snapshotVersion;
    this.snapshotError = snapshotError;
    this.lastFailure = lastFailure;
    this.renewals = renewals;
  }

  /** The phase. */
  public Phase phase() {
    return phase;
  }

  /** When the certificate in force ends; null when there is none. */
  public @Nullable Instant certificateNotAfter() {
    return certificateNotAfter;
  }

  /** The version of the snapshot in force; 0 before the first. */
  public long snapshotVersion() {
    return snapshotVersion;
  }

  /** Why the last snapshot was not taken, or what of it is held back; null when all is well. */
  public @Nullable String snapshotError() {
    return snapshotError;
  }

  /** The last failure of the control connection; null when there was none since it was made. */
  public @Nullable String lastFailure() {
    return lastFailure;
  }

  /** How many certificates followed the first. */
  public int renewals() {
    return renewals;
  }
}
