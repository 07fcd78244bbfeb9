package dev.weft.instrumentation.grpcnetty;

import java.lang.reflect.Method;
import org.jspecify.annotations.Nullable;

/** Whether a server speaks plaintext, which only its protocol negotiator knows. Thread-safe. */
final class Negotiators {
  private final Method scheme;

  /**
   * Those of gRPC.
   *
   * @param library any class of gRPC over Netty
   */
  Negotiators(Class<?> library) throws ReflectiveOperationException {
    scheme =
        Class.forName("io.grpc.netty.ProtocolNegotiator", false, library.getClassLoader())
            .getDeclaredMethod("scheme");
    scheme.setAccessible(true);
  }

  boolean isPlaintext(@Nullable Object negotiator) throws ReflectiveOperationException {
    return String.valueOf(scheme.invoke(negotiator)).equals("http");
  }
}
