package dev.weft.meshctl;

import java.io.IOException;
import java.net.URISyntaxException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;

/** {@code meshctl attach}: hands over to {@code mesh-agent.jar} beside this jar. */
@Command(
    name = "attach",
    description = "Puts the agent into a running Java process of this machine.",
    mixinStandardHelpOptions = true)
final class AttachCommand implements Callable<Integer> {
  @Parameters(index = "0", paramLabel = "PID", description = "Process ID.")
  long pid;

  @Parameters(
      index = "1..*",
      arity = "0..*",
      paramLabel = "SETTING=VALUE",
      description = "Settings of the agent, such as service-name=orders.")
  List<String> settings = new ArrayList<>();

  @Option(
      names = "--agent",
      paramLabel = "FILE",
      description = "The agent. Default: mesh-agent.jar beside meshctl")
  @Nullable Path agent;

  private final Terminal terminal;

  AttachCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() throws IOException, InterruptedException {
    Path jar = agent != null ? agent : beside();
    if (!Files.isRegularFile(jar)) {
      throw CommandFailure.of("error: there is no agent at " + jar + "; give --agent FILE");
    }
    if (ProcessHandle.of(pid).isEmpty()) {
      throw CommandFailure.of("error: there is no process " + pid + " on this machine");
    }
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.add("-jar");
    command.add(jar.toString());
    command.add("attach");
    command.add(Long.toString(pid));
    command.addAll(settings);
    // The agent prints one clear line where the process does not let itself be attached to.
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    process.getOutputStream().close();
    byte[] said = process.getInputStream().readAllBytes();
    boolean attached = process.waitFor() == 0;
    (attached ? terminal.out() : terminal.err()).write(said);
    return attached ? 0 : 1;
  }

  private static Path beside() {
    try {
      Path self =
          Path.of(AttachCommand.class.getProtectionDomain().getCodeSource().getLocation().toURI());
      return self.resolveSibling("mesh-agent.jar");
    } catch (URISyntaxException e) {
      throw CommandFailure.of(
          "error: meshctl.jar is at a place that is no file; give --agent FILE");
    }
  }
}
