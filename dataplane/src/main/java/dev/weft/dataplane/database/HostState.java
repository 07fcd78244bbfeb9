package dev.weft.dataplane.database;

import dev.weft.dataplane.balance.Candidate;
import dev.weft.dataplane.resilience.EndpointState;
import dev.weft.policy.snapshot.DatabaseHost;

/** One host of a redirect with what is known about it across snapshots. Thread-safe. */
final class HostState implements Candidate {
  private final DatabaseHost document;
  private final EndpointState state;

  HostState(DatabaseHost document, EndpointState state) {
    this.document = document;
    this.state = state;
  }

  DatabaseHost document() {
    return document;
  }

  String address() {
    return document.address;
  }

  int port() {
    return document.port;
  }

  EndpointState state() {
    return state;
  }

  @Override
  public String key() {
    return document.address + ":" + document.port;
  }

  @Override
  public int weight() {
    return 1;
  }

  /** Connections open there, made under way ones included. */
  @Override
  public int active() {
    return state.active();
  }

  @Override
  public String toString() {
    return document.address + ":" + document.port;
  }
}
