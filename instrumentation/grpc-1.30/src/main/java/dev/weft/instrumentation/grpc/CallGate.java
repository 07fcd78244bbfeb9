package dev.weft.instrumentation.grpc;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.RequestGate;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.inbound.InboundExchange;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import dev.weft.dataplane.inbound.MeshHeaders;
import io.grpc.Metadata;
import io.grpc.Status;
import io.grpc.internal.ServerStreamListener;
import io.grpc.internal.StreamListener;
import org.jspecify.annotations.Nullable;

/** The gate before the services of gRPC, which calls by every transport come to. */
final class CallGate extends RequestGate<IncomingCall, IncomingCall> {
  private static final int OK = 200;

  CallGate(HookContext context) {
    super(context);
  }

  /** A call comes here once. */
  @Override
  protected @Nullable InboundExchange kept(IncomingCall call) {
    return null;
  }

  @Override
  protected void keep(IncomingCall call, InboundExchange exchange) {
    LocalReply refusal = exchange.rejection();
    if (refusal != null) {
      exchange.conclude(refusal.status(), null);
    } else if (!ServedCall.bind(call.headers(), exchange)) {
      exchange.conclude(OK, null); // nobody will say when it is over
    }
  }

  @Override
  protected boolean wasInside(IncomingCall call) {
    return false;
  }

  @Override
  protected MeshConnection connection(IncomingCall call) {
    MeshConnection connection = Connections.of(call.transport());
    if (connection.isTooOld(System.nanoTime())) {
      call.transport().shutdown(); // by GOAWAY, once its calls are over
    }
    return connection;
  }

  @Override
  protected boolean strip(IncomingCall call) {
    boolean carries = false;
    for (String name : call.headers().keys()) {
      if (MeshHeaders.isReserved(name)) {
        Entries.remove(call.headers(), name);
      } else {
        carries |= MeshHeaders.isCarriedOn(name);
      }
    }
    return carries;
  }

  @Override
  protected InboundRequest adapt(IncomingCall call, MeshConnection connection) {
    return call.on(connection);
  }

  /** As a sidecar answers a client of gRPC: headers and trailers in one. */
  @Override
  protected void refuse(LocalReply reply, IncomingCall call, IncomingCall same) {
    Metadata trailers = new Metadata();
    Entries.add(trailers, LocalReply.HEADER, reply.headerValue());
    call.stream().setListener(new Nobody());
    call.stream().close(Statuses.of(reply).withDescription(reply.body()), trailers);
  }

  /** Hears of a stream that is refused. */
  private static final class Nobody implements ServerStreamListener {
    @Override
    public void messagesAvailable(StreamListener.MessageProducer producer) {
      // None was asked for.
    }

    @Override
    public void onReady() {}

    @Override
    public void halfClosed() {}

    @Override
    public void closed(Status status) {}
  }
}
