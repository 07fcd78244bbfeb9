package dev.weft.instrumentation.jdbc;

/** A function for H2's SQL that takes its time, so that a query's length is not the machine's. */
public final class Pause {
  private Pause() {}

  /** Waits a millisecond; answers the row it was given. */
  public static long atRow(long row) throws InterruptedException {
    Thread.sleep(1);
    return row;
  }
}
