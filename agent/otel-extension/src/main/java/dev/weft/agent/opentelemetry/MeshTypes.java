package dev.weft.agent.opentelemetry;

import io.opentelemetry.javaagent.extension.ignore.IgnoredTypesBuilder;
import io.opentelemetry.javaagent.extension.ignore.IgnoredTypesConfigurer;
import io.opentelemetry.sdk.autoconfigure.spi.ConfigProperties;

/** Keeps the OpenTelemetry agent from instrumenting the mesh agent: its classes and its tasks. */
public final class MeshTypes implements IgnoredTypesConfigurer {
  private static final String[] OURS = {
    "dev.weft.agent.",
    "dev.weft.bootstrap.",
    "dev.weft.dataplane.",
    "dev.weft.instrumentation.",
    "dev.weft.policy.",
    "dev.weft.shaded."
  };

  /** For the service loader. */
  public MeshTypes() {}

  @Override
  public void configure(IgnoredTypesBuilder builder) {
    for (String packages : OURS) {
      builder.ignoreClass(packages).ignoreTaskClass(packages);
    }
    builder.ignoreClassLoader("dev.weft.agent.entry.AgentLoader");
  }

  /** The form with the configuration, which earlier versions call. */
  @Override
  public void configure(IgnoredTypesBuilder builder, ConfigProperties config) {
    configure(builder);
  }
}
