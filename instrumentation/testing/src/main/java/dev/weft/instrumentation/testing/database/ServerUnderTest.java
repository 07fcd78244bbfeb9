package dev.weft.instrumentation.testing.database;

import static org.awaitility.Awaitility.await;

import java.io.IOException;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** A database server in a process and on a port of its own, with its data in a folder. */
@SuppressWarnings("NullAway") // the process is there from the first start on
public abstract class ServerUnderTest implements DatabaseUnderTest {
  private final Path folder;
  private final int port;
  private Process process;

  /**
   * Not started yet.
   *
   * @param name of its folder
   */
  protected ServerUnderTest(String name) throws Exception {
    folder = ServerProcess.folder("weft-" + name);
    port = ServerProcess.freePort();
  }

  /** Starts the server on its data. */
  protected abstract List<String> command();

  /** Tells, or throws, whether the server takes connections. */
  protected abstract boolean answers() throws Exception;

  /** Of this server alone. */
  protected final Path folder() {
    return folder;
  }

  /** Where the server says what happened. */
  public final Path log() {
    return folder.resolve("log");
  }

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final void kill() throws InterruptedException {
    ServerProcess.kill(process);
  }

  @Override
  public final void restart() throws IOException {
    await()
        .atMost(Duration.ofSeconds(60))
        .pollInterval(Duration.ofMillis(50))
        .ignoreExceptions()
        .until(
            () -> {
              if (process == null || !process.isAlive()) {
                process = ServerProcess.start(log(), command());
              }
              return answers() && process.isAlive();
            });
  }

  @Override
  public final void close() {
    try {
      ServerProcess.kill(process);
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
    ServerFiles.remove(folder);
  }
}
