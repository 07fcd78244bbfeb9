package probe;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.ManagedChannelBuilder;
import io.grpc.StatusRuntimeException;
import io.grpc.netty.NettyChannelBuilder;
import io.grpc.stub.ClientCalls;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;

/** Calls of gRPC, of the method that the path of a URL names, over Netty. */
final class GrpcCall {
  private static final ConcurrentHashMap<String, ManagedChannel> CHANNELS =
      new ConcurrentHashMap<>();

  private GrpcCall() {}

  private static ManagedChannelBuilder<?> builder(String target) {
    return GrpcProbe.shaded()
        ? io.grpc.netty.shaded.io.grpc.netty.NettyChannelBuilder.forTarget(target)
        : NettyChannelBuilder.forTarget(target);
  }

  /** The status is gRPC's; 200 for OK. */
  static Caller.Answer call(String url, byte[] body) {
    URI uri = URI.create(url);
    ManagedChannel channel =
        CHANNELS.computeIfAbsent(uri.getAuthority(), to -> builder(to).usePlaintext().build());
    CallOptions options = CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS);
    try {
      byte[] answer =
          ClientCalls.blockingUnaryCall(
              channel, GrpcBytes.method(uri.getPath().substring(1)), options, body);
      return new Caller.Answer(200, null, new String(answer, StandardCharsets.UTF_8));
    } catch (StatusRuntimeException e) {
      return new Caller.Answer(
          e.getStatus().getCode().value(), null, String.valueOf(e.getStatus()));
    }
  }
}
