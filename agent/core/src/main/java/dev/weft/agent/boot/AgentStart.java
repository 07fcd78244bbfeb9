package dev.weft.agent.boot;

import dev.weft.agent.AgentLog;
import dev.weft.agent.settings.Settings;
import java.lang.instrument.Instrumentation;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * First class in the agent's class loader: reads the settings, puts the bootstrap classes where
 * they belong, and only then touches anything that needs them.
 */
public final class AgentStart {
  private AgentStart() {}

  /**
   * Starts the agent; called once, by the entry point. On the thread that starts the application:
   * no name look-up, no network, and no class that is not needed before {@code main}.
   *
   * @param attached whether the JVM is running already, so that loaded classes are to be rewoven
   */
  public static void start(
      @Nullable String arguments, Instrumentation instrumentation, boolean attached)
      throws Exception {
    Settings settings =
        Settings.read(arguments, (Map<?, ?>) System.getProperties().clone(), System.getenv());
    for (String problem : settings.problems()) {
      AgentLog.line(problem);
    }
    if (!settings.enabled()) {
      return;
    }
    BootstrapClasses.define(instrumentation, AgentStart.class.getClassLoader());
    BootDelegation.announce();
    Boot.run(settings, instrumentation, attached);
  }
}
