package dev.weft.instrumentation.grpcnetty;

import dev.weft.instrumentation.testing.MeshInstance;
import java.io.DataInputStream;
import java.io.DataOutputStream;
import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import org.jspecify.annotations.Nullable;

/**
 * An instance in plaintext that goes away when its first call comes in: it listens no longer, and
 * ends the connection. Frames are those of RFC 9113.
 */
final class LeavingServer implements MeshInstance, AutoCloseable {
  private static final int PREFACE = "PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".length();
  private static final int HEADERS = 1;
  private static final int SETTINGS = 4;
  private static final int GOAWAY = 7;

  private final boolean says;
  private final ServerSocket server;
  private volatile @Nullable Socket connection;
  private volatile boolean gone;

  /**
   * Listens on a free port.
   *
   * @param says whether it says that it has processed nothing, or goes without a word
   */
  LeavingServer(boolean says) throws IOException {
    this.says = says;
    this.server = new ServerSocket(0, 50, InetAddress.getByName("127.0.0.1"));
    Thread thread = new Thread(this::serve, "leaving");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public String name() {
    return "leaving";
  }

  @Override
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public boolean isSecured() {
    return false;
  }

  /** Whether a call came in. */
  boolean isGone() {
    return gone;
  }

  private void serve() {
    try (Socket client = server.accept()) {
      connection = client;
      DataInputStream in = new DataInputStream(client.getInputStream());
      DataOutputStream out = new DataOutputStream(client.getOutputStream());
      in.readFully(new byte[PREFACE]);
      frame(out, SETTINGS, new byte[0]);
      while (next(in) != HEADERS) {
        // What is said before a call is no matter.
      }
      server.close();
      gone = true;
      if (says) {
        frame(out, GOAWAY, new byte[8]); // the last stream is 0, the error none
        client.shutdownOutput();
        while (in.read() >= 0) {
          // A connection that is closed with something unread takes back what it said.
        }
      }
    } catch (IOException e) {
      // The client has ended the connection, or the test is over.
    }
  }

  /** Skips a frame and returns its type. */
  private static int next(DataInputStream in) throws IOException {
    int length = (in.readUnsignedByte() << 16) | in.readUnsignedShort();
    int type = in.readUnsignedByte();
    in.readFully(new byte[5 + length]);
    return type;
  }

  private static void frame(DataOutputStream out, int type, byte[] payload) throws IOException {
    out.writeByte(0);
    out.writeShort(payload.length);
    out.writeByte(type);
    out.write(new byte[5]); // no flags, stream 0
    out.write(payload);
    out.flush();
  }

  @Override
  public void close() throws IOException {
    server.close();
    Socket open = connection;
    if (open != null) {
      open.close();
    }
  }
}
