package dev.weft.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** The version of this agent. */
public final class AgentVersion {
  /** Resource of the agent jar that holds it. */
  public static final String RESOURCE = "agent.version";

  /** Resource of the agent jar that names its content: no other build of the agent has it. */
  public static final String BUILD_RESOURCE = "agent.build";

  private AgentVersion() {}

  /** The version as the build named it; {@code development} outside the agent jar. */
  public static String text() {
    String version = line(RESOURCE);
    return version == null ? "development" : version;
  }

  /** What names the content of the agent jar; null outside one. */
  public static @Nullable String build() {
    return line(BUILD_RESOURCE);
  }

  private static @Nullable String line(String resource) {
    try (InputStream in = AgentVersion.class.getClassLoader().getResourceAsStream(resource)) {
      return in == null
          ? null
          : new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
    } catch (IOException e) {
      return null;
    }
  }
}
