package probe;

import io.grpc.HandlerRegistry;
import io.grpc.Metadata;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerMethodDefinition;
import io.grpc.netty.NettyServerBuilder;

/** An application on gRPC that answers every unary method with what it saw of the call. */
public final class GrpcProbe {
  private GrpcProbe() {}

  /** Which of the two artifacts this application has, as far as it tells. */
  static boolean shaded() {
    return "shaded".equals(System.getProperty("probe.grpc"));
  }

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name and the port (0 for any)
   */
  public static void main(String[] args) throws Exception {
    int port = Integer.parseInt(args[1]);
    ServerBuilder<?> builder =
        shaded()
            ? io.grpc.netty.shaded.io.grpc.netty.NettyServerBuilder.forPort(port)
            : NettyServerBuilder.forPort(port);
    Server server = builder.fallbackHandlerRegistry(new Echo(args[0])).build().start();
    System.out.println("probe " + args[0] + " listening on " + server.getPort());
    System.out.flush();
    server.awaitTermination();
  }

  private static final class Echo extends HandlerRegistry {
    private final String name;

    Echo(String name) {
      this.name = name;
    }

    @Override
    public ServerMethodDefinition<?, ?> lookupMethod(String method, String authority) {
      return ServerMethodDefinition.create(
          GrpcBytes.method(method), (call, headers) -> new Answering(call, name));
    }
  }

  private static final class Answering extends ServerCall.Listener<byte[]> {
    private final ServerCall<byte[], byte[]> call;
    private final String name;

    Answering(ServerCall<byte[], byte[]> call, String name) {
      this.call = call;
      this.name = name;
      call.request(2);
    }

    @Override
    public void onMessage(byte[] message) {
      String text =
          "instance="
              + name
              + "\nmethod="
              + call.getMethodDescriptor().getFullMethodName()
              + "\nauthority="
              + call.getAuthority()
              + "\nbody="
              + message.length
              + "\n";
      call.sendHeaders(new Metadata());
      call.sendMessage(text.getBytes(java.nio.charset.StandardCharsets.UTF_8));
    }

    @Override
    public void onHalfClose() {
      call.close(io.grpc.Status.OK, new Metadata());
    }
  }
}
