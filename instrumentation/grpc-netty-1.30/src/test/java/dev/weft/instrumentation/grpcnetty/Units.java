package dev.weft.instrumentation.grpcnetty;

import dev.weft.agent.extension.InstrumentationModule;
import io.grpc.ManagedChannelBuilder;
import java.util.Arrays;
import java.util.ServiceLoader;
import org.jspecify.annotations.Nullable;

/** The units on the class path: those for {@code grpc-netty}, or for its twin of other names. */
final class Units {
  /** Class that makes channels; null for gRPC's own choice, which is Netty. */
  private static final @Nullable String BUILDER = System.getProperty("weft.test.channels");

  private Units() {}

  static InstrumentationModule[] all() {
    return ServiceLoader.load(InstrumentationModule.class).stream()
        .map(ServiceLoader.Provider::get)
        .filter(unit -> unit.name().startsWith("grpc-"))
        .toArray(InstrumentationModule[]::new);
  }

  static InstrumentationModule[] ofClients() {
    return Arrays.stream(all())
        .filter(unit -> unit.name().endsWith("-client"))
        .toArray(InstrumentationModule[]::new);
  }

  /** A channel in plaintext, over the transport that is tested. */
  static ManagedChannelBuilder<?> channel(String host, int port) {
    if (BUILDER == null) {
      return ManagedChannelBuilder.forAddress(host, port);
    }
    try {
      return (ManagedChannelBuilder<?>)
          Class.forName(BUILDER)
              .getMethod("forAddress", String.class, int.class)
              .invoke(null, host, port);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** How the names of the units of the transport that is tested begin. */
  static String transport() {
    return BUILDER == null ? "grpc-netty-" : "grpc-okhttp-";
  }

  /** Binary name of the hook that secures the connections of the transport that is tested. */
  static String transportHook() {
    return hook(transport(), BUILDER == null ? "ConnectHook" : "TransportHook");
  }

  /** Binary name of a hook of the unit for Netty. */
  static String nettyHook(String name) {
    return hook("grpc-netty-", name);
  }

  private static String hook(String prefix, String name) {
    for (InstrumentationModule unit : all()) {
      if (unit.name().startsWith(prefix)) {
        return unit.getClass().getPackageName() + "." + name;
      }
    }
    throw new IllegalStateException("no unit " + prefix);
  }
}
