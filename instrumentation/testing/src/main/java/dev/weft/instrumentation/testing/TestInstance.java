package dev.weft.instrumentation.testing;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Function;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * One instance of a service: HTTP/1.1 on a loopback socket, plaintext or mesh TLS, that answers as
 * told and remembers every byte of a request. Counts connections, handshakes and requests.
 */
public final class TestInstance implements AutoCloseable {
  /** First byte of a TLS connection, at which a server of plaintext hangs up. */
  private static final int TLS_HANDSHAKE = 0x16;

  private final String name;
  private final @Nullable SSLContext tls;
  private final ServerSocket server;
  private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
  private final Thread acceptor;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private volatile Function<Received, Reply> behaviour = r -> Reply.of(200, "hello");

  private TestInstance(String name, @Nullable SSLContext tls) throws IOException {
    this.name = name;
    this.tls = tls;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    this.acceptor = daemon("accept-" + name, this::accept);
  }

  /** Starts an instance that speaks plaintext. */
  public static TestInstance plain(String name) throws IOException {
    return new TestInstance(name, null);
  }

  /** Starts an instance that speaks mesh TLS and demands a client certificate. */
  public static TestInstance secured(String name, SSLContext tls) throws IOException {
    return new TestInstance(name, tls);
  }

  /** Its name, also the identifier of its endpoint. */
  public String name() {
    return name;
  }

  /** Its port on 127.0.0.1. */
  public int port() {
    return server.getLocalPort();
  }

  /** Whether it speaks TLS. */
  public boolean isSecured() {
    return tls != null;
  }

  /** How it answers from now on. */
  public TestInstance answering(Function<Received, Reply> how) {
    behaviour = how;
    return this;
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  public int openConnections() {
    return open.size();
  }

  /** Handshakes done so far. */
  public int handshakes() {
    return handshakes.get();
  }

  /** Requests received so far, in order. */
  public List<Received> requests() {
    return List.copyOf(requests);
  }

  /** The last request. */
  public Received last() {
    return requests.get(requests.size() - 1);
  }

  /**
   * Closes all connections that are open now, as a server with an idle limit does. While a thread
   * reads from a socket, closing it takes effect only when that thread has noticed; so wait for it.
   */
  public void closeConnections() {
    open.forEach(
        (socket, thread) -> {
          quietly(socket);
          join(thread);
        });
  }

  private static void join(Thread thread) {
    try {
      thread.join(10_000);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  /** Stops listening and closes all connections: connecting is refused from now on. */
  @Override
  public void close() {
    try {
      server.close();
    } catch (IOException e) {
      throw new IllegalStateException(e);
    }
    join(acceptor);
    closeConnections();
  }

  private static void quietly(Socket socket) {
    try {
      socket.close();
    } catch (IOException e) {
      // It is to be gone; it may be gone already.
    }
  }

  private static Thread daemon(String name, Runnable task) {
    Thread thread = new Thread(task, name);
    thread.setDaemon(true);
    thread.start();
    return thread;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        open.put(socket, daemon("serve-" + name, () -> serve(socket)));
      } catch (IOException e) {
        return;
      }
    }
  }

  private void serve(Socket accepted) {
    try (Socket socket = secured(accepted)) {
      socket.setTcpNoDelay(true);
      InputStream in = new BufferedInputStream(socket.getInputStream());
      OutputStream out = socket.getOutputStream();
      String peer = peerOf(socket);
      in.mark(1);
      if (tls == null && in.read() == TLS_HANDSHAKE) {
        return;
      }
      in.reset();
      while (true) {
        Received request = read(in, out, peer);
        if (request == null) {
          return;
        }
        requests.add(request);
        Reply reply = behaviour.apply(request);
        if (!reply.writeTo(out, request.method())) {
          return;
        }
      }
    } catch (IOException e) {
      // The client or the test closed the connection.
    } finally {
      open.remove(accepted);
      quietly(accepted);
    }
  }

  private Socket secured(Socket socket) throws IOException {
    if (tls == null) {
      return socket;
    }
    SSLSocket secured = (SSLSocket) tls.getSocketFactory().createSocket(socket, null, true);
    secured.setUseClientMode(false);
    SSLParameters parameters = secured.getSSLParameters();
    parameters.setNeedClientAuth(true);
    parameters.setApplicationProtocols(new String[] {"weft-http/1.1"});
    secured.setSSLParameters(parameters);
    secured.startHandshake();
    handshakes.incrementAndGet();
    return secured;
  }

  private static String peerOf(Socket socket) throws SSLPeerUnverifiedException {
    return socket instanceof SSLSocket secured
        ? secured.getSession().getPeerPrincipal().getName()
        : "";
  }

  private static @Nullable Received read(InputStream in, OutputStream out, String peer)
      throws IOException {
    String first = line(in);
    if (first == null) {
      return null;
    }
    List<Map.Entry<String, String>> headers = new ArrayList<>();
    for (String line = line(in); line != null && !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.add(Map.entry(line.substring(0, colon), line.substring(colon + 1).trim()));
    }
    String[] words = first.split(" ", 3);
    Received head = new Received(words[0], words[1], headers, new byte[0], peer);
    if ("100-continue".equalsIgnoreCase(head.header("Expect"))) {
      out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
      out.flush();
    }
    return head.withBody(body(head, in));
  }

  private static byte[] body(Received head, InputStream in) throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    if ("chunked".equalsIgnoreCase(head.header("Transfer-Encoding"))) {
      for (int size = chunk(in); size > 0; size = chunk(in)) {
        body.write(exactly(in, size));
        line(in);
      }
      line(in);
    } else if (head.header("Content-Length") != null) {
      body.write(exactly(in, Integer.parseInt(head.header("Content-Length"))));
    }
    return body.toByteArray();
  }

  private static int chunk(InputStream in) throws IOException {
    String line = line(in);
    if (line == null) {
      throw new EOFException();
    }
    return Integer.parseInt(line.trim(), 16);
  }

  private static byte[] exactly(InputStream in, int count) throws IOException {
    byte[] bytes = in.readNBytes(count);
    if (bytes.length < count) {
      throw new EOFException();
    }
    return bytes;
  }

  private static @Nullable String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    for (int b = in.read(); ; b = in.read()) {
      if (b < 0) {
        return null;
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.ISO_8859_1).replace("\r", "");
      }
      line.write(b);
    }
  }

  /** A request as it came over the wire. */
  @SuppressWarnings("ArrayRecordComponent") // compared by nobody
  public record Received(
      String method,
      String target,
      List<Map.Entry<String, String>> headers,
      byte[] body,
      String peer) {
    /** The first value of a header, or null. */
    public @Nullable String header(String name) {
      return headers.stream()
          .filter(e -> e.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .findFirst()
          .orElse(null);
    }

    /** All values of a header. */
    public List<String> values(String name) {
      return headers.stream()
          .filter(e -> e.getKey().equalsIgnoreCase(name))
          .map(Map.Entry::getValue)
          .toList();
    }

    Received withBody(byte[] bytes) {
      return new Received(method, target, headers, bytes, peer);
    }
  }

  /** What to answer. */
  public static final class Reply {
    private final int status;
    private final List<Map.Entry<String, String>> headers;
    private final byte[] body;
    private final boolean silent;
    private final boolean last;
    private final @Nullable Runnable before;

    private Reply(
        int status,
        List<Map.Entry<String, String>> headers,
        byte[] body,
        boolean silent,
        boolean last,
        @Nullable Runnable before) {
      this.status = status;
      this.headers = headers;
      this.body = body;
      this.silent = silent;
      this.last = last;
      this.before = before;
    }

    /** A response with a text. */
    public static Reply of(int status, String text) {
      return of(status, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A response with a body. */
    public static Reply of(int status, byte[] body) {
      return new Reply(status, List.of(), body, false, false, null);
    }

    /** No answer: the connection ends. */
    public static Reply hangUp() {
      return new Reply(0, List.of(), new byte[0], true, true, null);
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
      List<Map.Entry<String, String>> more = new ArrayList<>(headers);
      more.add(Map.entry(name, value));
      return new Reply(status, more, body, silent, last, before);
    }

    /** The same after something has happened, such as the release of a latch. */
    public Reply after(Runnable wait) {
      return new Reply(status, headers, body, silent, last, wait);
    }

    /** The same, and then the connection ends. */
    public Reply andClose() {
      return new Reply(status, headers, body, silent, true, before);
    }

    boolean writeTo(OutputStream out, String method) throws IOException {
      if (before != null) {
        before.run();
      }
      if (silent) {
        return false;
      }
      StringBuilder head = new StringBuilder("HTTP/1.1 ").append(status).append(" Status\r\n");
      headers.forEach(
          e -> head.append(e.getKey()).append(": ").append(e.getValue()).append("\r\n"));
      boolean bodyless = status == 204 || status == 304;
      if (!bodyless) {
        head.append("Content-Length: ").append(body.length).append("\r\n");
      }
      if (last) {
        head.append("Connection: close\r\n");
      }
      ByteArrayOutputStream all = new ByteArrayOutputStream();
      all.writeBytes(head.append("\r\n").toString().getBytes(StandardCharsets.ISO_8859_1));
      if (!bodyless && !method.equals("HEAD")) {
        all.writeBytes(body);
      }
      out.write(all.toByteArray());
      out.flush();
      return !last;
    }
  }
}
