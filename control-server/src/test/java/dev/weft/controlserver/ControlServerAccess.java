package dev.weft.controlserver;

import dev.weft.controlserver.api.ApiServer;

/** Lets tests of other packages see the inside of a server. */
public final class ControlServerAccess {
  private ControlServerAccess() {}

  public static ApiServer api(ControlServer server) {
    return server.api();
  }
}
