package dev.weft.bootstrap;

import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OpenTelemetry agent, when it is in the same JVM and has loaded our extension: the one bridge
 * between two agents whose class loaders see nothing of each other. The extension implements it,
 * the mesh agent installs it. A span is an object of the other agent and is only handed back to it.
 *
 * <p>Thread-safe. No method throws anything for a span that has ended already.
 */
public abstract class ForeignTracer {
  private static volatile @Nullable ForeignTracer installed;

  /** For the extension. */
  protected ForeignTracer() {}

  /** From now on the other agent is asked. */
  public static void install(ForeignTracer tracer) {
    installed = tracer;
  }

  /** The bridge; null when there is no other agent, or it has not loaded the extension. */
  public static @Nullable ForeignTracer installed() {
    return installed;
  }

  /** {@code task} as work for what the calling thread works for now, whoever runs it. */
  public static Runnable carry(Runnable task) {
    ForeignTracer tracer = installed;
    return tracer == null ? task : tracer.carried(task);
  }

  /** {@code task} with none of its calls traced by the other agent: for the agent's own threads. */
  public static Runnable hide(Runnable task) {
    ForeignTracer tracer = installed;
    return tracer == null ? task : tracer.hidden(task);
  }

  /** The span in which the calling thread works; null when there is none. */
  public abstract @Nullable Object current();

  /** Its {@code traceparent} header, as W3C Trace Context writes it. */
  public abstract String traceparent(Object span);

  /** Its {@code tracestate} header, null when it has none. */
  public abstract @Nullable String tracestate(Object span);

  /** Whether it takes attributes: it is sampled and has not ended. */
  public abstract boolean isRecording(Object span);

  /**
   * Adds attributes to the span.
   *
   * @param attributes values are {@code String} or {@code Long}
   */
  public abstract void attributes(Object span, Map<String, ?> attributes);

  /** Adds an event to the span; parameters as for {@link #attributes}. */
  public abstract void event(Object span, String name, Map<String, ?> attributes);

  /** See {@link #carry}. */
  protected abstract Runnable carried(Runnable task);

  /** See {@link #hide}. */
  protected abstract Runnable hidden(Runnable task);
}
