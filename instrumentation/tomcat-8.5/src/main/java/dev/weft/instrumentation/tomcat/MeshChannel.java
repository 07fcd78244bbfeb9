package dev.weft.instrumentation.tomcat;

import dev.weft.dataplane.inbound.MeshConnection;
import org.jspecify.annotations.Nullable;

/** A channel of ours, of either kind of connector. */
interface MeshChannel {
  /** Who is at the other end; null until that is known. */
  @Nullable MeshConnection connection();

  /**
   * The connection is over, whoever closed it: Tomcat does not close a channel that it finds
   * closed, as after a read that it gave up (8.5's NIO2).
   */
  void ended();
}
