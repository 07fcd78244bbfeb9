package probe;

import java.io.IOException;
import java.util.Arrays;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.LongAdder;
import java.util.concurrent.locks.LockSupport;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;

/**
 * {@code /load?client=huc&url=...&count=1000&rate=500&threads=16} makes that many calls at an even
 * rate (0: as fast as it can) and records every outcome. Latency counts from the moment the call
 * was due, so that a stall is not hidden.
 */
final class LoadServlet extends HttpServlet {
  private static final long serialVersionUID = 1L;

  @Override
  protected void doGet(HttpServletRequest request, HttpServletResponse response)
      throws IOException {
    Caller caller = Caller.of(request.getParameter("client"));
    String url = request.getParameter("url");
    int count = Integer.parseInt(request.getParameter("count"));
    double rate = number(request, "rate", 0);
    int threads = (int) number(request, "threads", 16);
    long[] micros = new long[count];
    AtomicInteger next = new AtomicInteger();
    Map<String, LongAdder> outcomes = new ConcurrentHashMap<>();
    ExecutorService pool = Executors.newFixedThreadPool(threads);
    long start = System.nanoTime();
    for (int t = 0; t < threads; t++) {
      pool.execute(
          () -> {
            for (int i = next.getAndIncrement(); i < count; i = next.getAndIncrement()) {
              long due = rate > 0 ? start + (long) (i * 1e9 / rate) : System.nanoTime();
              for (long wait = due - System.nanoTime(); wait > 0; wait = due - System.nanoTime()) {
                LockSupport.parkNanos(wait);
              }
              outcomes.computeIfAbsent(outcome(caller, url), k -> new LongAdder()).increment();
              micros[i] = (System.nanoTime() - due) / 1000;
            }
          });
    }
    pool.shutdown();
    try {
      if (!pool.awaitTermination(1, TimeUnit.HOURS)) {
        throw new IOException("load did not end");
      }
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
    long millis = (System.nanoTime() - start) / 1_000_000;
    Arrays.sort(micros);
    StringBuilder text = new StringBuilder();
    text.append("count=").append(count).append('\n');
    text.append("millis=").append(millis).append('\n');
    text.append("p50=").append(micros[count / 2]).append('\n');
    text.append("p99=").append(micros[(int) (count * 0.99)]).append('\n');
    text.append("max=").append(micros[count - 1]).append('\n');
    outcomes.forEach(
        (k, v) -> text.append("outcome.").append(k).append('=').append(v).append('\n'));
    response.setContentType("text/plain");
    response.getWriter().print(text);
  }

  private static String outcome(Caller caller, String url) {
    try {
      Caller.Answer answer = caller.call("GET", url, new byte[0]);
      return answer.status + " " + answer.instance;
    } catch (IOException | RuntimeException e) {
      return "error " + String.valueOf(e).replaceAll("[\\r\\n=]", " ");
    }
  }

  private static double number(HttpServletRequest request, String name, double otherwise) {
    String value = request.getParameter(name);
    return value == null ? otherwise : Double.parseDouble(value);
  }
}
