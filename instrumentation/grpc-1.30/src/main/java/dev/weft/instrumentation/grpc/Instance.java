package dev.weft.instrumentation.grpc;

import com.google.common.net.InetAddresses;
import dev.weft.dataplane.outbound.Attempt;
import io.grpc.ConnectivityState;
import io.grpc.ConnectivityStateInfo;
import io.grpc.EquivalentAddressGroup;
import io.grpc.LoadBalancer.CreateSubchannelArgs;
import io.grpc.LoadBalancer.PickResult;
import io.grpc.LoadBalancer.Subchannel;
import io.grpc.Status;
import java.net.InetAddress;
import java.net.UnknownHostException;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The connection of one channel to one instance, within one trust generation. It fails once: the
 * next attempt makes another one, as waiting is the mesh's to decide, not gRPC's backoff. Changed
 * in the channel's synchronization context; read by any thread.
 */
final class Instance {
  private static final PickResult WAIT = PickResult.withNoResult();

  private final MeshBalancer balancer;
  private final Attempt attempt;
  private @Nullable Subchannel subchannel;
  private volatile PickResult result = WAIT;
  private volatile ConnectivityState state = ConnectivityState.CONNECTING;
  private volatile long pickedNanos;

  Instance(MeshBalancer balancer, Attempt attempt) {
    this.balancer = balancer;
    this.attempt = attempt;
  }

  MeshBalancer balancer() {
    return balancer;
  }

  String poolKey() {
    return attempt.poolKey();
  }

  long pickedNanos() {
    return pickedNanos;
  }

  boolean ready() {
    return state == ConnectivityState.READY;
  }

  boolean isFailed() {
    return state == ConnectivityState.TRANSIENT_FAILURE;
  }

  /** What an attempt at it gets now. */
  PickResult pick(long nowNanos) {
    pickedNanos = nowNanos;
    if (state == ConnectivityState.IDLE) {
      balancer.getSynchronizationContext().execute(this::wake);
    }
    return result;
  }

  /** An address needs no look-up; a name, as of a ServiceEntry, is looked up elsewhere. */
  void connect() {
    Executor elsewhere = balancer.getNameResolverArgs().getOffloadExecutor();
    if (elsewhere == null || InetAddresses.isInetAddress(attempt.address())) {
      lookUp(Runnable::run);
    } else {
      elsewhere.execute(() -> lookUp(balancer.getSynchronizationContext()));
    }
  }

  private void lookUp(Executor then) {
    try {
      InetAddress address = InetAddress.getByName(attempt.address());
      then.execute(() -> connect(address));
    } catch (UnknownHostException e) {
      then.execute(() -> fail(Status.UNAVAILABLE.withDescription("no address").withCause(e)));
    }
  }

  private void connect(InetAddress address) {
    if (balancer.isClosed()) {
      fail(Status.UNAVAILABLE.withDescription("the channel became idle"));
      return;
    }
    Subchannel made =
        balancer
            .delegate()
            .createSubchannel(
                CreateSubchannelArgs.newBuilder()
                    .setAddresses(new EquivalentAddressGroup(new InstanceAddress(attempt, address)))
                    .build());
    subchannel = made;
    made.start(this::changed);
    made.requestConnection();
  }

  private void wake() {
    Subchannel connected = subchannel;
    if (connected != null && state == ConnectivityState.IDLE) {
      connected.requestConnection();
    }
  }

  private void changed(ConnectivityStateInfo info) {
    if (state == ConnectivityState.TRANSIENT_FAILURE) {
      return;
    }
    switch (info.getState()) {
      case READY:
        Subchannel connected = subchannel;
        if (connected != null) {
          result = PickResult.withSubchannel(connected);
          state = ConnectivityState.READY;
          balancer.publish();
        }
        break;
      case TRANSIENT_FAILURE:
        fail(info.getStatus());
        break;
      case SHUTDOWN:
        break;
      default:
        result = WAIT;
        state = info.getState();
    }
  }

  private void fail(Status status) {
    // Dropped, as calls that wait for readiness wait for some instance, not for this one.
    result = PickResult.withDrop(status);
    state = ConnectivityState.TRANSIENT_FAILURE;
    balancer.failed(this);
    close();
  }

  void close() {
    Subchannel open = subchannel;
    if (open != null) {
      open.shutdown();
    }
  }
}
