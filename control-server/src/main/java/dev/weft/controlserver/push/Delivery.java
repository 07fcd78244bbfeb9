package dev.weft.controlserver.push;

import org.jspecify.annotations.Nullable;

/** What one instance received and answered. Immutable. */
public record Delivery(
    boolean watching,
    long sentVersion,
    long checkedVersion,
    long ackedVersion,
    @Nullable String nack) {
  static final Delivery NONE = new Delivery(false, 0, 0, 0, null);

  /** The newest version whose content the agent has said to be in force. */
  public long effectiveVersion() {
    return watching && nack == null && ackedVersion >= sentVersion && sentVersion > 0
        ? Math.max(ackedVersion, checkedVersion)
        : ackedVersion;
  }

  Delivery sent(long version, long checked) {
    return new Delivery(true, version, checked, ackedVersion, nack);
  }

  Delivery answered(long version, @Nullable String error) {
    long acked = error == null ? Math.max(version, ackedVersion) : ackedVersion;
    return new Delivery(watching, sentVersion, checkedVersion, acked, error);
  }

  Delivery left() {
    return new Delivery(false, sentVersion, checkedVersion, ackedVersion, nack);
  }
}
