package dev.weft.instrumentation.grpcnetty;

import dev.weft.agent.extension.InstrumentationModule;
import java.util.Arrays;
import java.util.ServiceLoader;

/** The units on the class path: those for {@code grpc-netty}, or for its twin of other names. */
final class Units {
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

  /** Binary name of a hook of the unit for Netty. */
  static String nettyHook(String name) {
    for (InstrumentationModule unit : all()) {
      if (unit.name().startsWith("grpc-netty-")) {
        return unit.getClass().getPackageName() + "." + name;
      }
    }
    throw new IllegalStateException("no unit for Netty");
  }
}
