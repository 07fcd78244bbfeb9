package dev.weft.it.rig;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;

/** Stands between client and server on loopback, passes bytes on and keeps a copy. */
public final class ByteRecorder implements AutoCloseable {
  private final ServerSocket server;
  private final List<ByteArrayOutputStream> toServer = new CopyOnWriteArrayList<>();
  private final List<Socket> sockets = new CopyOnWriteArrayList<>();
  private volatile int target;

  private ByteRecorder(ServerSocket server) {
    this.server = server;
  }

  /** Listens on a free port; {@link #to} says where to. */
  public static ByteRecorder open() {
    try {
      ByteRecorder recorder =
          new ByteRecorder(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()));
      Thread thread = new Thread(recorder::accept, "recorder");
      thread.setDaemon(true);
      thread.start();
      return recorder;
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }

  /** Sets the port of the server behind it. */
  public ByteRecorder to(int port) {
    target = port;
    return this;
  }

  /** The port that clients are given. */
  public int port() {
    return server.getLocalPort();
  }

  /** Whether the nth connection, counted from 1, is there and neither side has ended it. */
  public boolean open(int nth) {
    return sockets.size() >= 2 * nth
        && !sockets.get(2 * nth - 2).isClosed()
        && !sockets.get(2 * nth - 1).isClosed();
  }

  /** How many connections came through. */
  public int connections() {
    return toServer.size();
  }

  /** True when every connection that carried bytes began with a TLS handshake record. */
  public boolean onlyTls() {
    return toServer.stream()
        .map(ByteArrayOutputStream::toByteArray)
        .filter(bytes -> bytes.length > 0)
        .allMatch(bytes -> bytes[0] == 0x16);
  }

  /** True when the text went to the server readable by anybody on the way. */
  public boolean saw(String text) {
    return toServer.stream()
        .anyMatch(
            bytes -> new String(bytes.toByteArray(), StandardCharsets.ISO_8859_1).contains(text));
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket client = server.accept();
        Socket behind = new Socket(InetAddress.getLoopbackAddress(), target);
        sockets.add(client);
        sockets.add(behind);
        ByteArrayOutputStream copy = new ByteArrayOutputStream();
        toServer.add(copy);
        pump(client, behind, copy);
        pump(behind, client, null);
      } catch (IOException e) {
        // The recorder was closed, or the server behind it is down: the client sees a reset.
      }
    }
  }

  private static void pump(Socket from, Socket to, ByteArrayOutputStream copy) {
    Thread thread =
        new Thread(
            () -> {
              byte[] buffer = new byte[16384];
              try (InputStream in = from.getInputStream();
                  OutputStream out = to.getOutputStream()) {
                for (int n = in.read(buffer); n >= 0; n = in.read(buffer)) {
                  if (copy != null) {
                    copy.write(buffer, 0, n);
                  }
                  out.write(buffer, 0, n);
                  out.flush();
                }
              } catch (IOException e) {
                // One side closed: closing both streams tells the other.
              }
            },
            "recorder-pump");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      server.close();
      for (Socket socket : sockets) {
        socket.close();
      }
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
  }
}
