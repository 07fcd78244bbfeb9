package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.Bindings;
import io.grpc.CallOptions;
import io.grpc.Channel;
import io.grpc.ManagedChannel;
import io.grpc.NameResolver;
import io.grpc.SynchronizationContext;
import java.lang.reflect.Field;
import java.util.concurrent.Executor;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/** What the mesh has to know of a channel that it does not tell. Thread-safe. */
final class Channels {
  private static final int PLAINTEXT_PORT = 80;

  private final Field outer;
  private final Field arguments;
  private final Field executor;
  private final Field scheduler;
  private final Field syncContext;
  private final Field helper;
  private final Field balancer;
  private final Field asked;
  private final Bindings<Boolean> plaintext = new Bindings<>();
  private final Bindings<AtomicBoolean> ready = new Bindings<>();

  Channels() throws ReflectiveOperationException {
    Class<?> channel = load(GrpcClientModule.CHANNEL);
    this.outer = open(load(GrpcClientModule.CHANNEL + "$RealChannel"), "this$0");
    this.arguments = open(channel, "nameResolverArgs");
    this.executor = open(channel, "executor");
    this.scheduler = open(channel, "scheduledExecutor");
    this.syncContext = open(channel, "syncContext");
    this.helper = open(channel, "lbHelper");
    this.balancer = open(helper.getType(), "lb");
    this.asked = open(load(GrpcClientModule.BALANCER), "helper");
  }

  private static Class<?> load(String name) throws ClassNotFoundException {
    return Class.forName(name, false, Channel.class.getClassLoader());
  }

  private static Field open(Class<?> type, String name) throws ReflectiveOperationException {
    Field field = type.getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static Object get(Field field, Object from) {
    return requireNonNull(nullable(field, from));
  }

  private static @Nullable Object nullable(Field field, Object from) {
    try {
      return field.get(from);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Whether the application left TLS out; where it did not, the connection is its own. */
  boolean isPlaintext(Channel channel) {
    Boolean known = plaintext.get(channel);
    if (known == null) {
      NameResolver.Args asked = (NameResolver.Args) get(arguments, get(outer, channel));
      known = plaintext.putIfAbsent(channel, asked.getDefaultPort() == PLAINTEXT_PORT);
    }
    return known;
  }

  /**
   * Whether the channel asks our balancer. One that was in use before the agent came is made idle
   * first, from which it comes back with ours; the calls it has go on.
   */
  boolean isReady(Channel channel) {
    AtomicBoolean known = ready.get(channel);
    if (known == null) {
      known = ready.putIfAbsent(channel, new AtomicBoolean());
      prepare(get(outer, channel), known);
    }
    return known.get();
  }

  private void prepare(Object channel, AtomicBoolean done) {
    SynchronizationContext context = (SynchronizationContext) get(syncContext, channel);
    // At once, unless another thread is in there.
    context.execute(
        () -> {
          if (!isOurs(nullable(helper, channel))) {
            ((ManagedChannel) channel).enterIdle();
          }
          context.execute(() -> done.set(isOurs(nullable(helper, channel))));
        });
  }

  /** An idle channel has no balancer, and will get ours. */
  private boolean isOurs(@Nullable Object channelHelper) {
    if (channelHelper == null) {
      return true;
    }
    Object own = nullable(balancer, channelHelper);
    return asked.getDeclaringClass().isInstance(own)
        && nullable(asked, requireNonNull(own)) instanceof MeshBalancer;
  }

  /** Where the application hears of a call. */
  Executor executor(Channel channel, CallOptions options) {
    Executor own = options.getExecutor();
    return own == null ? (Executor) get(executor, get(outer, channel)) : own;
  }

  /** What times the calls of a channel. */
  ScheduledExecutorService scheduler(Channel channel) {
    return (ScheduledExecutorService) get(scheduler, get(outer, channel));
  }
}
