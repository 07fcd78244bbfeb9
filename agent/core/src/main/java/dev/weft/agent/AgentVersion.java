package dev.weft.agent;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;

/** The version of this agent. */
public final class AgentVersion {
  /** Resource of the agent jar that holds it. */
  public static final String RESOURCE = "agent.version";

  private AgentVersion() {}

  /** The version as the build named it; {@code development} outside the agent jar. */
  public static String text() {
    try (InputStream in = AgentVersion.class.getClassLoader().getResourceAsStream(RESOURCE)) {
      if (in == null) {
        return "development";
      }
      String line =
          new BufferedReader(new InputStreamReader(in, StandardCharsets.UTF_8)).readLine();
      return line == null ? "development" : line;
    } catch (IOException e) {
      return "development";
    }
  }
}
