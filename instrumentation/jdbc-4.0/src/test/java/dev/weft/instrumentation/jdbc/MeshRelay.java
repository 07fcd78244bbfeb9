package dev.weft.instrumentation.jdbc;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLServerSocket;
import javax.net.ssl.SSLSocket;

/** Stands before a database, demands mesh mTLS and passes on what it hears. */
final class MeshRelay implements AutoCloseable {
  private final ServerSocket listener;
  private final int target;
  private final AtomicInteger accepted = new AtomicInteger();

  MeshRelay(SSLContext context, int target) throws IOException {
    this.target = target;
    SSLServerSocket made =
        (SSLServerSocket)
            context
                .getServerSocketFactory()
                .createServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    made.setNeedClientAuth(true);
    listener = made;
    daemon(this::accept);
  }

  int port() {
    return listener.getLocalPort();
  }

  /** Connections whose handshake was done. */
  int accepted() {
    return accepted.get();
  }

  private void accept() throws IOException {
    while (!listener.isClosed()) {
      SSLSocket client = (SSLSocket) listener.accept();
      daemon(
          () -> {
            client.startHandshake();
            accepted.incrementAndGet();
            Socket server = new Socket("127.0.0.1", target);
            daemon(() -> pump(server.getInputStream(), client.getOutputStream()));
            pump(client.getInputStream(), server.getOutputStream());
            server.close();
          });
    }
  }

  private static void pump(InputStream in, OutputStream out) throws IOException {
    byte[] buffer = new byte[8192];
    for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
      out.write(buffer, 0, n);
      out.flush();
    }
    out.close();
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException ended) {
                // One side has gone; the other follows.
                return;
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() throws IOException {
    listener.close();
  }
}
