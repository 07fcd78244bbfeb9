package dev.weft.dataplane.outbound;

import dev.weft.dataplane.filter.RequestHead;

/**
 * One logical request of the application, seen through an adapter over the library's own object.
 * Used by one thread at a time. Header names are case-insensitive.
 */
public interface OutboundRequest extends RequestHead {
  /** Replaces all values. */
  void setHeader(String name, String value);

  /** Adds a value beside those that are there. */
  void addHeader(String name, String value);

  /** Removes all values. */
  void removeHeader(String name);

  /**
   * Whether the request can be sent once more, body included. Asked after an attempt failed, so
   * that an adapter can answer true for a one-shot body of which nothing has been read, and false
   * beyond its replay buffer of 64 KiB.
   */
  boolean replayable();
}
