package dev.weft.agent.entry;

import java.io.File;
import java.lang.instrument.Instrumentation;
import java.lang.reflect.InvocationTargetException;
import java.security.CodeSource;
import org.jspecify.annotations.Nullable;

/**
 * Entry points of {@code mesh-agent.jar}: {@code -javaagent}, attach, and the command line.
 *
 * <p>Whatever goes wrong here ends in one line on standard error, and the application starts.
 */
public final class MeshAgent {
  private static final String START = "dev.weft.agent.boot.AgentStart";

  private MeshAgent() {}

  /**
   * Called by the JVM for {@code -javaagent:mesh-agent.jar=arguments}, on the main thread before
   * {@code main}.
   */
  public static void premain(@Nullable String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation, false);
  }

  /** Called by the JVM when the agent is attached to it, on a thread of its own. */
  public static void agentmain(@Nullable String arguments, Instrumentation instrumentation) {
    start(arguments, instrumentation, true);
  }

  /** {@code java -jar mesh-agent.jar attach PID [key=value...]} or {@code version}. */
  public static void main(String[] arguments) {
    System.exit(CommandLine.run(arguments, System.out, System.err));
  }

  private static void start(
      @Nullable String arguments, Instrumentation instrumentation, boolean attached) {
    try {
      if (isLoaded()) {
        System.err.println(
            "[mesh] the mesh agent is in this JVM already; loading it again changes nothing");
        return;
      }
      AgentLoader loader = AgentLoader.of(jar());
      loader
          .loadClass(START)
          .getMethod("start", String.class, Instrumentation.class, boolean.class)
          .invoke(null, arguments, instrumentation, attached);
    } catch (Throwable t) {
      Throwable cause =
          t instanceof InvocationTargetException && t.getCause() != null ? t.getCause() : t;
      System.err.println(
          "[mesh] the mesh agent cannot start, the application goes on without it: " + cause);
    }
  }

  private static boolean isLoaded() {
    try {
      Class.forName("dev.weft.bootstrap.Hooks", false, null);
      return true;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  /** The file this class comes from. */
  static File jar() throws Exception {
    CodeSource source = MeshAgent.class.getProtectionDomain().getCodeSource();
    if (source == null) {
      throw new IllegalStateException("the agent does not know which jar it is in");
    }
    return new File(source.getLocation().toURI());
  }
}
