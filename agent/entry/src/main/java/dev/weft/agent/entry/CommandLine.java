package dev.weft.agent.entry;

import java.io.PrintStream;

/** What {@code java -jar mesh-agent.jar} understands. */
final class CommandLine {
  private static final String USAGE =
      "usage: java -jar mesh-agent.jar attach PID [key=value...]\n"
          + "       java -jar mesh-agent.jar version\n"
          + "\n"
          + "attach puts this JVM's agent into the running JVM PID; key=value are agent settings without\n"
          + "the prefix 'mesh.', such as service-name=orders.";

  private CommandLine() {}

  /** Runs a command and returns the process's exit code: 0 done, 1 failed, 2 not understood. */
  static int run(String[] arguments, PrintStream out, PrintStream err) {
    if (arguments.length == 1 && arguments[0].equals("version")) {
      out.println("mesh-agent " + version());
      return 0;
    }
    if (arguments.length >= 2 && arguments[0].equals("attach")) {
      return Attach.run(arguments, out, err);
    }
    err.println(USAGE);
    return 2;
  }

  static String version() {
    String version = CommandLine.class.getPackage().getImplementationVersion();
    return version == null ? "unknown" : version;
  }
}
