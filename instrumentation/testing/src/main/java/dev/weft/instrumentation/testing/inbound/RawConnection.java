package dev.weft.instrumentation.testing.inbound;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SNIServerName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * A client connection that sends the bytes it is given and reads answers as they are: what a
 * library's client would correct must get through. For one thread; reads give up after ten seconds.
 */
public final class RawConnection implements AutoCloseable {
  private final Socket socket;
  private final InputStream in;
  private final OutputStream out;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new BufferedInputStream(socket.getInputStream());
    this.out = socket.getOutputStream();
  }

  /** Connects in plaintext. */
  public static RawConnection plaintext(int port) throws IOException {
    return new RawConnection(connect(port));
  }

  /**
   * Connects with TLS; the handshake is done.
   *
   * @param alpn protocols offered, none for no ALPN extension
   */
  public static RawConnection tls(int port, SSLContext context, String... alpn) throws IOException {
    return tls(port, context, HelloShape.WHOLE, alpn);
  }

  /** As {@link #tls(int, SSLContext, String...)}, with the first flight in another shape. */
  static RawConnection tls(int port, SSLContext context, HelloShape shape, String... alpn)
      throws IOException {
    return tls(shape.over(connect(port)), port, context, List.of(), alpn);
  }

  /** As {@link #tls(int, SSLContext, String...)}, asking for a server by its name (SNI). */
  static RawConnection indicating(String serverName, int port, SSLContext context, String... alpn)
      throws IOException {
    return tls(connect(port), port, context, List.of(new SNIHostName(serverName)), alpn);
  }

  private static RawConnection tls(
      Socket plain, int port, SSLContext context, List<SNIServerName> names, String... alpn)
      throws IOException {
    SSLSocket socket =
        (SSLSocket) context.getSocketFactory().createSocket(plain, "127.0.0.1", port, true);
    SSLParameters parameters = socket.getSSLParameters();
    parameters.setApplicationProtocols(alpn);
    parameters.setServerNames(names);
    socket.setSSLParameters(parameters);
    socket.startHandshake();
    return new RawConnection(socket);
  }

  private static Socket connect(int port) throws IOException {
    Socket socket = new Socket();
    socket.setTcpNoDelay(true);
    socket.setSoTimeout(10_000);
    socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 10_000);
    return socket;
  }

  /** The socket, of TLS when the connection is. */
  public Socket socket() {
    return socket;
  }

  /** Sends text, one byte per character. */
  public RawConnection send(String latin1) throws IOException {
    return send(latin1.getBytes(StandardCharsets.ISO_8859_1));
  }

  /** Sends bytes. */
  public RawConnection send(byte[] bytes) throws IOException {
    out.write(bytes);
    out.flush();
    return this;
  }

  /** Reads the answer to a request that was not HEAD. */
  public Answer read() throws IOException {
    return read(false);
  }

  /**
   * Reads one answer.
   *
   * @param head whether the request was HEAD, whose answer has no body
   */
  public Answer read(boolean head) throws IOException {
    String status = line();
    List<String> headers = new ArrayList<>();
    for (String header = line(); !header.isEmpty(); header = line()) {
      headers.add(header);
    }
    int code = Integer.parseInt(status.split(" ")[1]);
    boolean empty = head || code == 204 || code == 304 || code < 200;
    byte[] body = empty ? new byte[0] : body(headers);
    return new Answer(status, headers, new String(body, StandardCharsets.ISO_8859_1));
  }

  /** What comes up to {@code end} and with it, one character per byte. */
  public String readTo(String end) throws IOException {
    StringBuilder read = new StringBuilder();
    while (read.length() < end.length()
        || !read.substring(read.length() - end.length()).equals(end)) {
      int next = in.read();
      if (next < 0) {
        throw new EOFException("the connection ended after " + read);
      }
      read.append((char) next);
    }
    return read.toString();
  }

  /** Whether the server has ended the connection, or does within the read timeout. */
  public boolean isEnded() throws IOException {
    try {
      return in.read() < 0;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  /** Whether the server ends the connection within the read timeout, whatever it says before. */
  boolean endsAtLast() {
    try {
      in.transferTo(OutputStream.nullOutputStream());
      return true;
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private byte[] body(List<String> headers) throws IOException {
    String length = header(headers, "content-length");
    if (length != null) {
      return bytes(Integer.parseInt(length));
    }
    ByteArrayOutputStream all = new ByteArrayOutputStream();
    if (header(headers, "transfer-encoding") == null) {
      in.transferTo(all);
      return all.toByteArray();
    }
    for (int size = chunk(); size > 0; size = chunk()) {
      all.write(bytes(size));
      line();
    }
    for (String trailer = line(); !trailer.isEmpty(); trailer = line()) {
      all.write(("\ntrailer " + trailer).getBytes(StandardCharsets.ISO_8859_1));
    }
    return all.toByteArray();
  }

  private int chunk() throws IOException {
    return Integer.parseInt(line().split(";")[0], 16);
  }

  /** Reads so many bytes that are no answer: of a connection that was upgraded. */
  public byte[] bytes(int count) throws IOException {
    byte[] read = in.readNBytes(count);
    if (read.length < count) {
      throw new EOFException("the answer ended after " + read.length + " of " + count + " bytes");
    }
    return read;
  }

  private String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); b != '\n'; b = in.read()) {
      if (b < 0) {
        throw new EOFException("the connection ended within an answer");
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(StandardCharsets.ISO_8859_1);
  }

  private static @Nullable String header(List<String> headers, String name) {
    for (String header : headers) {
      if (header.toLowerCase(Locale.ROOT).startsWith(name + ":")) {
        return header.substring(name.length() + 1).trim();
      }
    }
    return null;
  }

  /** Does not wait long for a server that does not say good-bye in TLS. */
  @Override
  public void close() throws IOException {
    if (!socket.isClosed()) {
      socket.setSoTimeout(1000);
    }
    socket.close();
  }

  /**
   * An answer as it came.
   *
   * @param statusLine first line
   * @param headers header lines in their order
   * @param text the body decoded from chunks, one character per byte, and trailers after it
   */
  public record Answer(String statusLine, List<String> headers, String text) {
    /** The status code. */
    public int status() {
      return Integer.parseInt(statusLine.split(" ")[1]);
    }

    /** The first value of a header, null for none. */
    public @Nullable String header(String name) {
      return RawConnection.header(headers, name.toLowerCase(Locale.ROOT));
    }

    /** Everything but the time of day, for comparisons. */
    public String comparable() {
      StringBuilder all = new StringBuilder(statusLine).append('\n');
      for (String header : headers) {
        if (!header.toLowerCase(Locale.ROOT).startsWith("date:")) {
          all.append(header).append('\n');
        }
      }
      return all.append('\n').append(text).toString();
    }
  }
}
