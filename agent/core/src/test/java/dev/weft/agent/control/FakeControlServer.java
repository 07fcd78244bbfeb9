package dev.weft.agent.control;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpsConfigurator;
import com.sun.net.httpserver.HttpsExchange;
import com.sun.net.httpserver.HttpsParameters;
import com.sun.net.httpserver.HttpsServer;
import dev.weft.policy.AccessToken;
import dev.weft.policy.InstanceReport;
import dev.weft.policy.JsonTree;
import dev.weft.policy.snapshot.Snapshot;
import dev.weft.policy.snapshot.SnapshotCodec;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.security.KeyPair;
import java.security.KeyStore;
import java.security.SecureRandom;
import java.security.cert.Certificate;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.util.Arrays;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.TrustManager;
import javax.net.ssl.X509TrustManager;
import org.bouncycastle.asn1.x509.SubjectPublicKeyInfo;
import org.bouncycastle.openssl.jcajce.JcaPEMKeyConverter;
import org.bouncycastle.pkcs.PKCS10CertificationRequest;

/** The agent side of the control server's API, with faults to order. */
final class FakeControlServer implements Closeable {

  /** What to answer to every request instead of the truth. */
  enum Fault {
    NONE,
    ERROR_500,
    HTML,
    TRUNCATED_WATCH,
    REFUSE
  }

  private static final String SPIFFE = "spiffe://cluster.local/ns/shop/sa/orders";

  final TestAuthority authority;
  final AccessToken token;
  final AtomicInteger joins = new AtomicInteger();
  final AtomicInteger renewals = new AtomicInteger();

  /** Whether certificates are under a root that signs no more; the next one is not. */
  volatile boolean outdated;

  final AtomicInteger watches = new AtomicInteger();
  final AtomicInteger deletions = new AtomicInteger();
  final List<Map<String, Object>> acks = new CopyOnWriteArrayList<>();
  final List<Map<String, Object>> answers = new CopyOnWriteArrayList<>();
  final Map<String, InstanceReport> instances = new ConcurrentHashMap<>();
  final List<String> watchQueries = new CopyOnWriteArrayList<>();
  volatile Fault fault = Fault.NONE;
  volatile Duration leafLife = Duration.ofHours(1);
  volatile Clock clock = Clock.systemUTC();
  volatile boolean tokenUsed;

  /** Whether it takes what follows on a joined connection for the one who joined, as ours does. */
  volatile boolean connectionsSpeak = true;

  /** Method and path of each request after joining, by what told who sends it. */
  final List<String> byJoinedConnection = new CopyOnWriteArrayList<>();

  final List<String> byCertificate = new CopyOnWriteArrayList<>();
  private final Set<InetSocketAddress> joinedFrom = ConcurrentHashMap.newKeySet();
  private final List<BlockingQueue<String>> watchers = new CopyOnWriteArrayList<>();
  private volatile Snapshot snapshot;
  private final ExecutorService threads = Executors.newCachedThreadPool();
  private final SSLContext tls;
  private HttpsServer server;

  private FakeControlServer(TestAuthority authority, AccessToken token, SSLContext tls) {
    this.authority = authority;
    this.token = token;
    this.tls = tls;
  }

  static FakeControlServer start() throws Exception {
    TestAuthority authority = TestAuthority.create();
    KeyPair keys = TestAuthority.keys();
    return start(authority, keys, authority.server(keys.getPublic()));
  }

  static FakeControlServer start(TestAuthority authority, KeyPair keys, X509Certificate leaf)
      throws Exception {
    AccessToken token =
        AccessToken.generate(
            AccessToken.Kind.JOIN, AccessToken.fingerprint(authority.root), new SecureRandom());
    FakeControlServer fake = new FakeControlServer(authority, token, tls(authority, keys, leaf));
    fake.listen(0);
    return fake;
  }

  String url() {
    return "https://127.0.0.1:" + port();
  }

  int port() {
    return server.getAddress().getPort();
  }

  /** Replaces the snapshot and pushes it to all who watch. */
  void push(Snapshot next) {
    snapshot = next;
    String line = line(next);
    watchers.forEach(watcher -> watcher.add(line));
  }

  /** Pushes any line. */
  void pushLine(String line) {
    watchers.forEach(watcher -> watcher.add(line));
  }

  /** The process dies: connections end, the port is closed. */
  int kill() {
    int port = port();
    watchers.forEach(watcher -> watcher.add(""));
    server.stop(0);
    return port;
  }

  void listen(int port) throws IOException {
    server = HttpsServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 50);
    server.setHttpsConfigurator(
        new HttpsConfigurator(tls) {
          @Override
          public void configure(HttpsParameters parameters) {
            SSLParameters ssl = tls.getDefaultSSLParameters();
            ssl.setWantClientAuth(true);
            parameters.setSSLParameters(ssl);
          }
        });
    server.setExecutor(threads);
    server.createContext("/", this::handle);
    server.start();
  }

  @Override
  public void close() {
    kill();
    threads.shutdownNow();
  }

  private void handle(HttpExchange exchange) throws IOException {
    byte[] body = readAll(exchange.getRequestBody());
    String path = exchange.getRequestURI().getPath();
    try {
      if (fault == Fault.ERROR_500) {
        answer(exchange, 500, "{\"error\":{\"code\":\"broken\",\"message\":\"out of order\"}}");
      } else if (fault == Fault.HTML) {
        answer(exchange, 200, "<html>captive portal</html>");
      } else if (path.equals("/v1/agent/join")) {
        join(exchange, body);
      } else if (!isKnown(exchange) || fault == Fault.REFUSE) {
        answer(exchange, 401, "{\"error\":{\"code\":\"x\",\"message\":\"no such identity\"}}");
      } else if (path.equals("/v1/agent/renew")) {
        outdated = false;
        renewals.incrementAndGet();
        answer(exchange, 200, issue(body));
      } else if (path.startsWith("/v1/agent/instances/")) {
        instance(exchange, path.substring("/v1/agent/instances/".length()), body);
      } else if (path.equals("/v1/agent/ack")) {
        acks.add(JsonTree.STANDARD.read(body));
        answer(exchange, 200, "{}");
      } else if (path.equals("/v1/agent/answers")) {
        answers.add(JsonTree.STANDARD.read(body));
        answer(exchange, 200, "{}");
      } else {
        watch(exchange);
      }
    } catch (IOException e) {
      throw e;
    } catch (Exception e) {
      throw new IOException(e);
    }
  }

  private void join(HttpExchange exchange, byte[] body) throws Exception {
    String bearer = exchange.getRequestHeaders().getFirst("Authorization");
    if (!("Bearer " + token.text()).equals(bearer) || tokenUsed) {
      answer(exchange, 401, "{\"error\":{\"code\":\"x\",\"message\":\"the token is used up\"}}");
      return;
    }
    tokenUsed = true;
    joins.incrementAndGet();
    String issued = issue(body);
    if (connectionsSpeak) {
      joinedFrom.add(exchange.getRemoteAddress());
      issued = issued.substring(0, issued.length() - 1) + ",\"speaksForConnection\":true}";
    }
    answer(exchange, 200, issued);
  }

  private String issue(byte[] body) throws Exception {
    byte[] csr = Base64.getDecoder().decode((String) JsonTree.STANDARD.read(body).get("csr"));
    SubjectPublicKeyInfo key = new PKCS10CertificationRequest(csr).getSubjectPublicKeyInfo();
    X509Certificate leaf =
        authority.workload(
            new JcaPEMKeyConverter().getPublicKey(key), SPIFFE, clock.instant(), leafLife);
    Map<String, Object> answer = new LinkedHashMap<>();
    answer.put("certificateChain", Credentials.pems(Arrays.asList(leaf, authority.intermediate)));
    answer.put("trustBundle", Credentials.pems(Arrays.asList(authority.root)));
    answer.put("spiffeId", SPIFFE);
    answer.put("notAfter", leaf.getNotAfter().toInstant().toString());
    answer.put("trustDomain", "cluster.local");
    return JsonTree.STANDARD.text(answer);
  }

  private void instance(HttpExchange exchange, String id, byte[] body) throws IOException {
    if (exchange.getRequestMethod().equals("DELETE")) {
      deletions.incrementAndGet();
      instances.remove(id);
      answer(exchange, 200, "{}");
    } else {
      instances.put(id, InstanceReport.fromJson(body));
      answer(exchange, 200, "{\"leaseSeconds\":1" + (outdated ? ",\"renew\":true}" : "}"));
    }
  }

  private void watch(HttpExchange exchange) throws Exception {
    watches.incrementAndGet();
    watchQueries.add(exchange.getRequestURI().getQuery());
    BlockingQueue<String> queue = new LinkedBlockingQueue<>();
    exchange.getResponseHeaders().set("content-type", "application/x-ndjson");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream out = exchange.getResponseBody()) {
      Snapshot first = snapshot;
      if (fault == Fault.TRUNCATED_WATCH) {
        out.write("{\"type\":\"snapshot\",\"snapshot\":{\"version\":99".getBytes("UTF-8"));
        return;
      }
      watchers.add(queue);
      write(out, first == null ? "{\"type\":\"heartbeat\"}" : line(first));
      while (true) {
        String line = queue.poll(200, TimeUnit.MILLISECONDS);
        if (line != null && line.isEmpty()) {
          return;
        }
        write(out, line == null ? "{\"type\":\"heartbeat\"}" : line);
      }
    } finally {
      watchers.remove(queue);
    }
  }

  private static void write(OutputStream out, String line) throws IOException {
    out.write((line + "\n").getBytes(StandardCharsets.UTF_8));
    out.flush();
  }

  private static String line(Snapshot snapshot) {
    return "{\"type\":\"snapshot\",\"snapshot\":"
        + new String(SnapshotCodec.write(snapshot), StandardCharsets.UTF_8)
        + "}";
  }

  private boolean isKnown(HttpExchange exchange) {
    boolean joined = joinedFrom.contains(exchange.getRemoteAddress());
    (joined ? byJoinedConnection : byCertificate)
        .add(exchange.getRequestMethod() + " " + exchange.getRequestURI().getPath());
    return joined || peer(exchange) != null;
  }

  private static Certificate peer(HttpExchange exchange) {
    try {
      return ((HttpsExchange) exchange).getSSLSession().getPeerCertificates()[0];
    } catch (IOException e) {
      return null;
    }
  }

  private static void answer(HttpExchange exchange, int status, String body) throws IOException {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    exchange.sendResponseHeaders(status, bytes.length);
    try (OutputStream out = exchange.getResponseBody()) {
      out.write(bytes);
    }
  }

  private static byte[] readAll(InputStream in) throws IOException {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream();
    byte[] chunk = new byte[4096];
    for (int n = in.read(chunk); n >= 0; n = in.read(chunk)) {
      bytes.write(chunk, 0, n);
    }
    return bytes.toByteArray();
  }

  private static SSLContext tls(TestAuthority authority, KeyPair keys, X509Certificate leaf)
      throws Exception {
    // PKCS12 derives a key from the password, which costs more than a handshake.
    KeyStore store = KeyStore.getInstance("JKS");
    store.load(null, null);
    store.setKeyEntry(
        "server",
        keys.getPrivate(),
        new char[0],
        new Certificate[] {leaf, authority.intermediate, authority.root});
    KeyManagerFactory factory =
        KeyManagerFactory.getInstance(KeyManagerFactory.getDefaultAlgorithm());
    factory.init(store, new char[0]);
    SSLContext context = SSLContext.getInstance("TLS");
    context.init(factory.getKeyManagers(), new TrustManager[] {new AnyClient()}, null);
    return context;
  }

  /** The fake asks for a client certificate and takes any. */
  private static final class AnyClient implements X509TrustManager {
    @Override
    public void checkClientTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public void checkServerTrusted(X509Certificate[] chain, String authType) {}

    @Override
    public X509Certificate[] getAcceptedIssuers() {
      return new X509Certificate[0];
    }
  }
}
