package dev.weft.it.rig;

import java.util.Map;

/** The outcomes of a load, by what answered. */
public record Load(Map<String, String> fields) {

  /** How many calls were made. */
  public int count() {
    return Integer.parseInt(fields.get("count"));
  }

  /** How many were answered with 200. */
  public int ok() {
    return sum("outcome.200 ");
  }

  /** How many were answered with anything else, or not at all. */
  public int failed() {
    return count() - ok();
  }

  /** How many were answered with 200 by this instance. */
  public int by(String instance) {
    return sum("outcome.200 " + instance);
  }

  private int sum(String prefix) {
    return fields.entrySet().stream()
        .filter(e -> e.getKey().startsWith(prefix))
        .mapToInt(e -> Integer.parseInt(e.getValue()))
        .sum();
  }

  /** One line for the test's output. */
  public String line() {
    return count()
        + " requests, "
        + failed()
        + " failed, p50 "
        + fields.get("p50")
        + " us, p99 "
        + fields.get("p99")
        + " us, max "
        + fields.get("max")
        + " us";
  }
}
