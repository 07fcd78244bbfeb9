package dev.weft.instrumentation.testing.inbound;

/**
 * A server in a class loader of its own, of {@link SourceLoader}: a class of static methods {@code
 * reached} and {@code stop}, and {@code patience} where it can be told how long to wait.
 */
public abstract class LoadedServer implements InboundServer {
  private final Class<?> server;
  private final int port;

  /**
   * A server that has started.
   *
   * @param server the class of its methods
   */
  protected LoadedServer(Class<?> server, int port) {
    this.server = server;
    this.port = port;
  }

  @Override
  public final int port() {
    return port;
  }

  @Override
  public final int reached() {
    try {
      return (Integer) server.getMethod("reached").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  public void patience(int millis) {
    try {
      server.getMethod("patience", int.class).invoke(null, millis);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Stops the server. Its class loader stays open: the next harness reweaves its classes, too. */
  @Override
  public final void close() {
    try {
      server.getMethod("stop").invoke(null);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException(e);
    }
  }
}
