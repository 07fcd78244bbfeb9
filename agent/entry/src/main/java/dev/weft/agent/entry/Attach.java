package dev.weft.agent.entry;

import java.io.File;
import java.io.PrintStream;
import java.lang.reflect.InvocationTargetException;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * Puts the agent into a running JVM through {@code com.sun.tools.attach}, which is a module of a
 * JDK from 9 on, {@code lib/tools.jar} of a JDK 8, and missing from a JRE.
 */
final class Attach {
  private static final String VIRTUAL_MACHINE = "com.sun.tools.attach.VirtualMachine";

  private Attach() {}

  /** Runs {@code attach PID key=value...}. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    String pid = arguments[1];
    if (!isPid(pid)) {
      err.println("mesh-agent: '" + pid + "' is not a process id");
      return 2;
    }
    StringBuilder settings = new StringBuilder();
    for (int i = 2; i < arguments.length; i++) {
      if (arguments[i].indexOf('=') <= 0) {
        err.println("mesh-agent: '" + arguments[i] + "' is not of the form key=value");
        return 2;
      }
      settings.append(settings.length() == 0 ? "" : ",").append(arguments[i]);
    }
    try {
      attach(pid, MeshAgent.jar().getAbsolutePath(), settings.toString());
      out.println("attached to " + pid);
      return 0;
    } catch (ClassNotFoundException e) {
      err.println(
          "mesh-agent: this Java runtime cannot attach to others (no jdk.attach module or tools.jar);"
              + " run the command with the java of a JDK");
    } catch (InvocationTargetException e) {
      err.println("mesh-agent: " + explain(pid, e.getCause()));
    } catch (Exception e) {
      err.println("mesh-agent: cannot attach to " + pid + ": " + e);
    }
    return 1;
  }

  private static void attach(String pid, String jar, String settings) throws Exception {
    Class<?> type = virtualMachine();
    Object machine = type.getMethod("attach", String.class).invoke(null, pid);
    try {
      type.getMethod("loadAgent", String.class, String.class).invoke(machine, jar, settings);
    } finally {
      type.getMethod("detach").invoke(machine);
    }
  }

  private static Class<?> virtualMachine() throws Exception {
    try {
      return Class.forName(VIRTUAL_MACHINE);
    } catch (ClassNotFoundException e) {
      File home = new File(String.valueOf(System.getProperty("java.home")));
      File tools = new File(home, "../lib/tools.jar");
      if (!tools.isFile()) {
        throw e;
      }
      // Stays open: the classes in it are used until this process ends.
      @SuppressWarnings("resource")
      URLClassLoader loader = new URLClassLoader(new URL[] {tools.toURI().toURL()});
      return loader.loadClass(VIRTUAL_MACHINE);
    }
  }

  private static boolean isPid(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) < '0' || text.charAt(i) > '9') {
        return false;
      }
    }
    return !text.isEmpty() && text.length() < 19;
  }

  /** One line that says what to do. */
  private static String explain(String pid, @Nullable Throwable cause) {
    String text = String.valueOf(cause == null ? null : cause.getMessage());
    String lower = text.toLowerCase(Locale.ROOT);
    if (lower.contains("no such process")) {
      return "there is no process " + pid;
    }
    if (lower.contains("dynamic agent loading is not enabled")
        || lower.contains("enabledynamicagentloading")) {
      return "process "
          + pid
          + " refuses agents: start it with -XX:+EnableDynamicAgentLoading, or with -javaagent";
    }
    if (lower.contains("well-known file")
        || lower.contains("permi")
        || lower.contains("not owned")
        || lower.contains("owner")) {
      return "process "
          + pid
          + " cannot be attached to ("
          + text
          + "): run this as the user it runs as";
    }
    if (lower.contains("unable to open socket file")
        || lower.contains("not responding")
        || lower.contains("disableattach")) {
      return "process "
          + pid
          + " does not answer: it is no Java process, or runs with -XX:+DisableAttachMechanism ("
          + text
          + ")";
    }
    return "cannot attach to "
        + pid
        + ": "
        + (cause == null ? "unknown" : cause.getClass().getSimpleName() + ": " + text);
  }
}
