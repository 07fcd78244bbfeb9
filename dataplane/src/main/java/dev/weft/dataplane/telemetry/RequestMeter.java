package dev.weft.dataplane.telemetry;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.LongAdder;
import org.jspecify.annotations.Nullable;

/**
 * Rate, errors and duration of the requests of one service and route in one direction. Recording
 * builds no key. Thread-safe.
 */
public final class RequestMeter {

  private static final String[] STATUS_CLASSES = {"none", "1xx", "2xx", "3xx", "4xx", "5xx"};

  private final MeterFamily<LongAdder> requests;
  private final String direction;
  private final String service;
  private final String route;
  private final Histogram duration;
  private final Map<String, @Nullable LongAdder[]> cells = new ConcurrentHashMap<>();

  RequestMeter(
      MeterFamily<LongAdder> requests,
      Histogram duration,
      String direction,
      String service,
      String route) {
    this.requests = requests;
    this.duration = duration;
    this.direction = direction;
    this.service = service;
    this.route = route;
  }

  /**
   * Counts a finished request.
   *
   * @param status HTTP status, or 0 when it ended in an exception
   * @param flag why the mesh answered or failed it ({@code -} when it did not), one of a fixed set
   *     of constants
   * @param nanos how long it took
   */
  public void record(int status, String flag, long nanos) {
    time(nanos);
    count(status, flag);
  }

  static String statusClass(int status) {
    return STATUS_CLASSES[classOf(status)];
  }

  private static int classOf(int status) {
    return status >= 100 && status < 600 ? status / 100 : 0;
  }

  void time(long nanos) {
    duration.record(nanos);
  }

  void count(int status, String flag) {
    int statusClass = classOf(status);
    @Nullable LongAdder[] byClass = cells.get(flag);
    if (byClass == null) {
      byClass = cells.computeIfAbsent(flag, absent -> new LongAdder[STATUS_CLASSES.length]);
    }
    @Nullable LongAdder cell = byClass[statusClass];
    if (cell == null) {
      // Only what happened becomes a series. Two threads that come here together get the same one.
      cell = requests.with(direction, service, route, STATUS_CLASSES[statusClass], flag);
      byClass[statusClass] = cell;
    }
    cell.increment();
  }
}
