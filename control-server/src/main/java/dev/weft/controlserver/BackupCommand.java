package dev.weft.controlserver;

import dev.weft.controlserver.store.Backup;
import java.nio.file.Path;
import java.time.Clock;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code backup}: copies the data directory, whether or not a server runs on it. */
@Command(
    name = "backup",
    description = "Copies the data directory; the server on it may go on running.",
    mixinStandardHelpOptions = true)
final class BackupCommand implements Callable<Integer> {
  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data-dir",
      required = true,
      paramLabel = "DIR",
      description = "The data directory of the server.")
  private Path dataDirectory = Path.of("");

  @Option(
      names = "--to",
      required = true,
      paramLabel = "DIR",
      description =
          "Where the copy goes: a directory that is created. It holds the CA's keys; guard it.")
  private Path target = Path.of("");

  @Override
  public Integer call() {
    int files = Backup.make(dataDirectory, target, Clock.systemUTC());
    if (spec != null) {
      spec.commandLine().getOut().println(files + " files in " + target.toAbsolutePath());
      spec.commandLine().getOut().flush();
    }
    return 0;
  }
}
