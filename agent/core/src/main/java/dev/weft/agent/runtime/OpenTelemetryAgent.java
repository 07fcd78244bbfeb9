package dev.weft.agent.runtime;

import dev.weft.agent.AgentLog;
import dev.weft.bootstrap.ForeignTracer;
import dev.weft.dataplane.telemetry.ForeignSpans;
import dev.weft.dataplane.telemetry.TraceContext;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * The OpenTelemetry agent in this JVM. It is recognised by a class that every distribution of it
 * puts on the boot loader; what it traces can be reached only when it has loaded our extension
 * (docs/adr/0045). Thread-safe.
 */
final class OpenTelemetryAgent implements ForeignSpans {
  /** Commas, because shading renames whatever looks like a class of OpenTelemetry. */
  private static final String MARK =
      "io,opentelemetry,javaagent,bootstrap,AgentInitializer".replace(',', '.');

  private static final String BRIDGE = "dev.weft.agent.opentelemetry.MeshBridge";

  private boolean looked;
  private volatile @Nullable Boolean present;

  private OpenTelemetryAgent() {}

  static OpenTelemetryAgent create() {
    return new OpenTelemetryAgent();
  }

  /**
   * Looked for once, when the first request is there: by then every agent of the command line has
   * started, whatever their order.
   */
  @Override
  public boolean isPresent() {
    Boolean known = present;
    return known == null ? look() : known;
  }

  private synchronized boolean look() {
    if (!looked) {
      looked = true;
      Class<?> mark = isSwitchedOff() ? null : mark();
      if (mark != null) {
        join(mark);
      }
      present = mark != null;
    }
    return Boolean.TRUE.equals(present);
  }

  private static void join(Class<?> mark) {
    try {
      Object extensions = mark.getMethod("getExtensionsClassLoader").invoke(null);
      if (extensions == null) {
        throw new ClassNotFoundException(BRIDGE);
      }
      Object bridge = ((ClassLoader) extensions).loadClass(BRIDGE).getConstructor().newInstance();
      ForeignTracer.install((ForeignTracer) bridge);
    } catch (ClassNotFoundException e) {
      AgentLog.line(
          "the OpenTelemetry agent makes the spans here; with -Dotel.javaagent.extensions=<path of"
              + " mesh-agent.jar> they get the mesh's attributes");
    } catch (ReflectiveOperationException | LinkageError | ClassCastException e) {
      AgentLog.line(
          "the OpenTelemetry agent makes the spans here and cannot be joined, they go without the"
              + " mesh's attributes: "
              + AgentLog.describe(e));
    }
  }

  @Override
  public @Nullable Span current() {
    ForeignTracer tracer = isPresent() ? ForeignTracer.installed() : null;
    if (tracer == null) {
      return null;
    }
    Object span = tracer.current();
    if (span == null) {
      return null;
    }
    TraceContext context = TraceContext.parse(tracer.traceparent(span), tracer.tracestate(span));
    return context == null ? null : new Reached(tracer, span, context);
  }

  private static @Nullable Class<?> mark() {
    try {
      return Class.forName(MARK, false, null);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  private static boolean isSwitchedOff() {
    String property = System.getProperty("otel.javaagent.enabled");
    String setting = property == null ? System.getenv("OTEL_JAVAAGENT_ENABLED") : property;
    return "false".equalsIgnoreCase(setting);
  }

  /** A span that the extension reaches. Thread-safe, as the other agent's spans are. */
  private static final class Reached implements Span {
    private final ForeignTracer tracer;
    private final Object span;
    private final TraceContext context;

    Reached(ForeignTracer tracer, Object span, TraceContext context) {
      this.tracer = tracer;
      this.span = span;
      this.context = context;
    }

    @Override
    public TraceContext context() {
      return context;
    }

    @Override
    public boolean isRecording() {
      return tracer.isRecording(span);
    }

    @Override
    public void attributes(Map<String, ?> attributes) {
      tracer.attributes(span, attributes);
    }

    @Override
    public void event(String name, Map<String, ?> attributes) {
      tracer.event(span, name, attributes);
    }
  }
}
