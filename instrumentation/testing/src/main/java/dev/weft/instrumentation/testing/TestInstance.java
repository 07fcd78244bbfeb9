package dev.weft.instrumentation.testing;

import java.io.BufferedInputStream;
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
import org.jspecify.annotations.Nullable;

/**
 * One instance of a service: HTTP/1.1 on a loopback socket, plaintext or mesh TLS, that answers as
 * told and remembers every byte of a request. Counts connections, handshakes and requests.
 */
public final class TestInstance implements MeshInstance, AutoCloseable {
  /** First byte of a TLS connection, at which a server of plaintext hangs up. */
  private static final int TLS_HANDSHAKE = 0x16;

  private final String name;
  private final @Nullable TestTls tls;
  private final ServerSocket server;
  private final Map<Socket, Thread> open = new ConcurrentHashMap<>();
  private final Thread acceptor;
  private final AtomicInteger connections = new AtomicInteger();
  private final AtomicInteger handshakes = new AtomicInteger();
  private final List<String> serverNames = new CopyOnWriteArrayList<>();
  private final List<Received> requests = new CopyOnWriteArrayList<>();
  private final AtomicInteger continues = new AtomicInteger();
  private volatile Function<Received, Reply> behaviour = r -> Reply.of(200, "hello");
  private volatile Function<Received, @Nullable Reply> asked = r -> null;

  private TestInstance(String name, @Nullable TestTls tls) throws IOException {
    this.name = name;
    this.tls = tls;
    this.server = new ServerSocket(0, 200, InetAddress.getLoopbackAddress());
    this.acceptor = daemon("accept-" + name, this::accept);
    acceptor.start();
  }

  /** Starts an instance that speaks plaintext. */
  public static TestInstance plain(String name) throws IOException {
    return new TestInstance(name, null);
  }

  /** Starts an instance that speaks mesh TLS and demands a client certificate. */
  public static TestInstance secured(String name, SSLContext tls) throws IOException {
    return new TestInstance(name, TestTls.mesh(tls));
  }

  /**
   * Starts a server that speaks TLS and knows nothing of the mesh.
   *
   * @param demanding whether it demands a client certificate
   */
  public static TestInstance outside(String name, SSLContext tls, boolean demanding)
      throws IOException {
    return new TestInstance(name, TestTls.outside(tls, demanding));
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return server.getLocalPort();
  }

  @Override
  public boolean isSecured() {
    return tls != null && tls.isMesh();
  }

  /** How it answers from now on. */
  public TestInstance answering(Function<Received, Reply> how) {
    behaviour = how;
    return this;
  }

  /**
   * What to answer to a head that asks before its body comes; null means to ask for the body. A
   * body that comes after a refusal breaks the connection, as it is no request.
   */
  public TestInstance refusing(Function<Received, @Nullable Reply> how) {
    asked = how;
    return this;
  }

  /** How many bodies were asked for. */
  public int continues() {
    return continues.get();
  }

  /** Connections accepted so far. */
  public int connections() {
    return connections.get();
  }

  /** Connections that are open now. */
  public int openConnections() {
    return open.size();
  }

  /** Which server each handshake was with, as its client indicated (SNI); empty for none. */
  public List<String> serverNames() {
    return serverNames;
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
   * reads from a socket, closing it takes effect only when that thread has noticed; so wait for it,
   * unless it is the one that closes.
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
      if (thread != Thread.currentThread()) {
        thread.join(10_000);
      }
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
    return thread;
  }

  private void accept() {
    while (!server.isClosed()) {
      try {
        Socket socket = server.accept();
        connections.incrementAndGet();
        Thread serving = daemon("serve-" + name, () -> serve(socket));
        // Before it starts: it may close all connections, its own among them.
        open.put(socket, serving);
        serving.start();
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
      String peer = tls == null ? "" : tls.peerOf(socket);
      in.mark(1);
      if (tls == null && in.read() == TLS_HANDSHAKE) {
        return;
      }
      in.reset();
      while (true) {
        Received head = RequestReader.head(in, peer);
        if (head == null) {
          return;
        }
        Reply refusal = null;
        if ("100-continue".equalsIgnoreCase(head.header("Expect"))) {
          refusal = asked.apply(head);
          if (refusal == null) {
            continues.incrementAndGet();
            out.write("HTTP/1.1 100 Continue\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
            out.flush();
          }
        }
        Received request = refusal == null ? head.withBody(RequestReader.body(head, in)) : head;
        requests.add(request);
        Reply reply = refusal == null ? behaviour.apply(request) : refusal;
        if (!ReplyWire.write(reply, request.method(), out)) {
          if (reply.abrupt) {
            accepted.setSoLinger(true, 0);
            accepted.close();
          }
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
    Socket secured = tls.accept(socket);
    serverNames.add(TestTls.indicatedTo(secured));
    handshakes.incrementAndGet();
    return secured;
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
    final int status;
    final List<Map.Entry<String, String>> headers;
    final byte[] body;
    ReplyWire.Framing framing = ReplyWire.Framing.LENGTH;
    List<Map.Entry<String, String>> trailers = List.of();
    boolean silent;
    boolean last;
    boolean abrupt;
    @Nullable Runnable before;
    @Nullable Runnable within;

    private Reply(int status, List<Map.Entry<String, String>> headers, byte[] body) {
      this.status = status;
      this.headers = headers;
      this.body = body;
    }

    private Reply copy(List<Map.Entry<String, String>> newHeaders) {
      Reply copy = new Reply(status, newHeaders, body);
      copy.framing = framing;
      copy.trailers = trailers;
      copy.silent = silent;
      copy.last = last;
      copy.abrupt = abrupt;
      copy.before = before;
      copy.within = within;
      return copy;
    }

    /** A response with a text. */
    public static Reply of(int status, String text) {
      return of(status, text.getBytes(StandardCharsets.UTF_8));
    }

    /** A response with a body. */
    public static Reply of(int status, byte[] body) {
      return new Reply(status, List.of(), body);
    }

    /** No answer: the connection ends. */
    public static Reply hangUp() {
      Reply reply = of(0, "");
      reply.silent = true;
      reply.last = true;
      return reply;
    }

    /** No answer: the connection is reset. */
    public static Reply reset() {
      Reply reply = hangUp();
      reply.abrupt = true;
      return reply;
    }

    /** The same with one more header. */
    public Reply with(String name, String value) {
      List<Map.Entry<String, String>> more = new ArrayList<>(headers);
      more.add(Map.entry(name, value));
      return copy(more);
    }

    /** The same after something has happened, such as the release of a latch. */
    public Reply after(Runnable wait) {
      Reply copy = copy(headers);
      copy.before = wait;
      return copy;
    }

    /** The same, whose last byte comes after something has happened. */
    public Reply stalling(Runnable wait) {
      Reply copy = copy(headers);
      copy.within = wait;
      return copy;
    }

    /** The same, and then the connection ends. */
    public Reply andClose() {
      Reply copy = copy(headers);
      copy.last = true;
      return copy;
    }

    /** The same in chunks. */
    public Reply chunked() {
      Reply copy = copy(headers);
      copy.framing = ReplyWire.Framing.CHUNKED;
      return copy;
    }

    /** The same in chunks, and after them one more trailer. */
    public Reply withTrailer(String name, String value) {
      Reply copy = chunked();
      copy.trailers = new ArrayList<>(trailers);
      copy.trailers.add(Map.entry(name, value));
      return copy;
    }

    /** The same without a length: the body ends with the connection. */
    public Reply untilClose() {
      Reply copy = andClose();
      copy.framing = ReplyWire.Framing.END;
      return copy;
    }
  }
}
