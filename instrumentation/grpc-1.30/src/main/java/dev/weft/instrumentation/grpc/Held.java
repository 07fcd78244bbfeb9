package dev.weft.instrumentation.grpc;

import io.grpc.LoadBalancer.Subchannel;
import io.grpc.util.ForwardingSubchannel;

/**
 * A connection that the channel's own load balancer wants: in plaintext, to where DNS says. It is
 * not made as long as the channel's calls go into the mesh. For the channel's synchronization
 * context.
 */
final class Held extends ForwardingSubchannel {
  private final Subchannel subchannel;
  private final MeshBalancer balancer;

  Held(Subchannel subchannel, MeshBalancer balancer) {
    this.subchannel = subchannel;
    this.balancer = balancer;
  }

  @Override
  protected Subchannel delegate() {
    return subchannel;
  }

  @Override
  public void requestConnection() {
    if (!balancer.hold(this)) {
      connect();
    }
  }

  void connect() {
    subchannel.requestConnection();
  }
}
