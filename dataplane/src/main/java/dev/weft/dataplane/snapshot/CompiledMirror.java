package dev.weft.dataplane.snapshot;

import org.jspecify.annotations.Nullable;

/** A destination that gets copies of requests. Immutable. */
public final class CompiledMirror {
  static final CompiledMirror[] NONE = new CompiledMirror[0];

  private final String name;
  private final @Nullable CompiledService service;
  private final @Nullable EndpointPool pool;
  private final double percent;

  private CompiledMirror(
      String name, @Nullable CompiledService service, @Nullable EndpointPool pool, double percent) {
    this.name = name;
    this.service = service;
    this.pool = pool;
    this.percent = percent;
  }

  static CompiledMirror of(
      String name, @Nullable CompiledService service, @Nullable EndpointPool pool, double percent) {
    return new CompiledMirror(name, service, pool, percent);
  }

  /** Host and subset as the route names them. */
  public String name() {
    return name;
  }

  /** The service; null when this agent knows none of that name. */
  public @Nullable CompiledService service() {
    return service;
  }

  /** Where to send; null when this agent knows no such service or subset. */
  public @Nullable EndpointPool pool() {
    return pool;
  }

  /** Share of requests, 0 to 100. */
  public double percent() {
    return percent;
  }
}
