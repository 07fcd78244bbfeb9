package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.HookContext;
import io.grpc.ConnectivityState;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.Helper;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.PickSubchannelArgs;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.LoadBalancer.SubchannelPicker;
import io.grpc.util.ForwardingLoadBalancerHelper;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Stands between a channel and its own load balancer: attempts of the mesh go to the instance that
 * the mesh picked, all else where the balancer says. While the mesh knows the channel's host, that
 * balancer's connections are not made. Changed in the channel's synchronization context; picks come
 * from any thread.
 */
final class MeshBalancer extends ForwardingLoadBalancerHelper {
  /** After which a connection that no attempt used, say of an older certificate, is closed. */
  private static final long UNUSED_NANOS = TimeUnit.MINUTES.toNanos(5);

  /** What a channel takes for a plaintext authority without a port. */
  private static final int PLAINTEXT_PORT = 80;

  private final Helper channel;
  private final HookContext mesh;
  private final ConcurrentHashMap<String, Instance> instances = new ConcurrentHashMap<>();
  private final Set<Held> asking = new LinkedHashSet<>();
  private volatile boolean holding;
  private volatile boolean closed;
  private ConnectivityState ownState = ConnectivityState.IDLE;
  private @Nullable SubchannelPicker own;

  MeshBalancer(Helper channel, HookContext mesh) {
    this.channel = channel;
    this.mesh = mesh;
  }

  @Override
  protected Helper delegate() {
    return channel;
  }

  /** Whether calls of the channel go into the mesh. */
  private boolean meshed() {
    return channel.getNameResolverArgs().getDefaultPort() == PLAINTEXT_PORT
        && mesh.dataPlane().async().resolve("http", channel.getAuthority()) != null;
  }

  boolean isClosed() {
    return closed;
  }

  // ---- what the channel's own balancer says

  @Override
  public void updateBalancingState(ConnectivityState state, SubchannelPicker picker) {
    ownState = state;
    own = picker;
    publish();
  }

  /** Instances count as ready until one is asked for: there is nothing to wait for. */
  void publish() {
    if (closed) {
      return;
    }
    boolean ready = instances.isEmpty();
    for (Instance instance : instances.values()) {
      ready |= instance.ready();
    }
    ConnectivityState meshState = ready ? ConnectivityState.READY : ConnectivityState.CONNECTING;
    channel.updateBalancingState(meshed() ? meshState : ownState, new Picker(own));
  }

  @Override
  public Subchannel createSubchannel(CreateSubchannelArgs args) {
    return new Held(channel.createSubchannel(args), this);
  }

  /** Whether a connection of the channel's own balancer waits until it is needed. */
  boolean hold(Held connection) {
    boolean hold = meshed();
    if (hold) {
      asking.add(connection);
      holding = true;
    }
    return hold;
  }

  private void release() {
    holding = false;
    List<Held> waiting = new ArrayList<>(asking);
    asking.clear();
    waiting.forEach(Held::connect);
  }

  // ---- instances

  private PickResult pick(Sending<?> sending) {
    Instance instance = sending.instance();
    if (instance == null || instance.balancer() != this) {
      instance = instance(sending);
      sending.use(instance);
    }
    sending.streams();
    return instance.pick(System.nanoTime());
  }

  private Instance instance(Sending<?> sending) {
    Instance known = instances.get(sending.attempt().poolKey());
    if (known != null) {
      return known;
    }
    Instance made = new Instance(this, sending.attempt());
    Instance other = instances.putIfAbsent(made.poolKey(), made);
    if (other == null) {
      getSynchronizationContext().execute(() -> connect(made));
    }
    return other == null ? made : other;
  }

  private void connect(Instance made) {
    long now = System.nanoTime();
    for (Instance old : instances.values()) {
      if (old != made && old.ready() && now - old.pickedNanos() > UNUSED_NANOS) {
        instances.remove(old.poolKey(), old);
        old.close(); // lets its calls end
      }
    }
    made.connect();
  }

  /** An instance could not be connected to: those that wait for it hear, the next tries anew. */
  void failed(Instance instance) {
    instances.remove(instance.poolKey(), instance);
    publish();
  }

  /** The channel is idle, or over. */
  void close() {
    closed = true;
    instances.values().forEach(Instance::close);
    instances.clear();
  }

  /** What the channel asks per call, from any thread. */
  private final class Picker extends SubchannelPicker {
    private final @Nullable SubchannelPicker library;

    Picker(@Nullable SubchannelPicker library) {
      this.library = library;
    }

    @Override
    public PickResult pickSubchannel(PickSubchannelArgs args) {
      Sending<?> sending = args.getCallOptions().getOption(Sending.KEY);
      if (sending != null) {
        return pick(sending);
      }
      if (holding) {
        getSynchronizationContext().execute(MeshBalancer.this::release);
      }
      return library == null ? PickResult.withNoResult() : library.pickSubchannel(args);
    }

    @Override
    @Deprecated
    public void requestConnection() {
      if (library != null) {
        library.requestConnection();
      }
    }

    @Override
    public String toString() {
      return "instances of the mesh, or " + library;
    }
  }

  @Override
  @Deprecated
  public void updateSubchannelAddresses(
      Subchannel subchannel, List<EquivalentAddressGroup> addresses) {
    subchannel.updateAddresses(addresses);
  }
}
