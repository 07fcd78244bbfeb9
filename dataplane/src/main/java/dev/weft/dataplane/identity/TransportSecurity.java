package dev.weft.dataplane.identity;

import dev.weft.dataplane.Detached;
import dev.weft.dataplane.snapshot.ClientTls;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.Collections;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SNIHostName;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes mesh TLS from our identity and judges peers. One volatile generation is read per decision;
 * nothing here blocks but the handshakes of {@link #layer}. Thread-safe. JSSE is not touched before
 * the first identity arrives.
 */
public final class TransportSecurity {
  /** How long a handshake may take where nothing else bounds it: 10 s. */
  public static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;

  private static final String[] PROTOCOLS = {"TLSv1.3", "TLSv1.2"};
  private static final String[] SUITES = {
    "TLS_AES_128_GCM_SHA256",
    "TLS_AES_256_GCM_SHA384",
    "TLS_ECDHE_ECDSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_ECDSA_WITH_AES_256_GCM_SHA384",
    "TLS_ECDHE_RSA_WITH_AES_128_GCM_SHA256",
    "TLS_ECDHE_RSA_WITH_AES_256_GCM_SHA384"
  };

  private final Clock clock;
  private final AtomicLong numbers = new AtomicLong();
  private final LiveConnections connections = new LiveConnections();
  private final ServerTls server = new ServerTls(this);
  private volatile @Nullable TrustGeneration current;
  private volatile ConnectionObserver observer = ConnectionObserver.NONE;

  private TransportSecurity(Clock clock) {
    this.clock = clock;
  }

  /** Without an identity yet. */
  public static TransportSecurity of(Clock clock) {
    return new TransportSecurity(clock);
  }

  /** Has somebody watch how connections begin, in the place of whoever did. */
  public void observe(ConnectionObserver connectionObserver) {
    this.observer = connectionObserver;
  }

  /** Tells the observer about a handshake that {@link #layer} did not make. */
  public void handshake(ConnectionObserver.Side side, HandshakeResult result) {
    try {
      observer.handshake(side, result);
      if (result == HandshakeResult.OK) {
        observer.opened(side, true);
      }
    } catch (Throwable failed) {
      // It only counts; a connection must not end by it.
    }
  }

  /** Tells the observer about a connection in plaintext. */
  public void plaintext(ConnectionObserver.Side side) {
    try {
      observer.opened(side, false);
    } catch (Throwable failed) {
      // It only counts; a connection must not end by it.
    }
  }

  /** Whether there is an identity, so that a handshake can succeed. */
  public boolean ready() {
    return current != null;
  }

  /** Number of the current trust generation; 0 before the first. */
  public long generation() {
    TrustGeneration now = current;
    return now == null ? 0 : now.number();
  }

  /** Our own SVID, or null before the first. */
  public @Nullable Svid svid() {
    TrustGeneration now = current;
    return now == null ? null : now.svid();
  }

  /** What a port that is secured needs. */
  public ServerTls server() {
    return server;
  }

  /** The connections that are open. */
  public LiveConnections connections() {
    return connections;
  }

  /**
   * Takes a new identity or a changed trust. New connections use it at once; live connections go
   * on, but those of peers that are no longer trusted are closed.
   *
   * @return how many live connections were closed
   * @throws GeneralSecurityException when no context can be made; the earlier generation stays
   */
  public synchronized int update(
      Svid svid, String trustDomain, List<X509Certificate> roots, Set<String> withdrawn)
      throws GeneralSecurityException {
    TrustGeneration before = current;
    TrustGeneration next =
        TrustGeneration.of(numbers.incrementAndGet(), svid, trustDomain, roots, withdrawn, clock);
    current = next;
    if (before == null || before.sameTrust(next)) {
      return 0;
    }
    // Connections of one peer share its identity object, so each peer is judged once.
    IdentityHashMap<PeerIdentity, Boolean> verdicts = new IdentityHashMap<>();
    return connections.closeUnless(peer -> verdicts.computeIfAbsent(peer, next::stillTrusts));
  }

  // ---- as a client

  /**
   * Connects to an instance and secures the connection.
   *
   * @param connectTimeoutMillis 0 for none
   * @throws IdentityRefusedException when either side refused the other's identity
   */
  public Socket connect(String address, int port, ClientTls tls, int connectTimeoutMillis)
      throws IOException {
    Socket plain = new Socket();
    try {
      plain.setTcpNoDelay(true);
      plain.connect(new InetSocketAddress(address, port), connectTimeoutMillis);
      return layer(plain, address, port, tls);
    } catch (IOException | RuntimeException e) {
      plain.close();
      throw e;
    }
  }

  /**
   * Secures a connected socket: the handshake is done and the server's identity checked when this
   * returns. The result is a plain {@link Socket}, because clients treat an {@code SSLSocket}
   * differently (Apache HttpClient binds such a connection to a user and stops reusing it).
   *
   * @param address the instance's address, under which TLS sessions are resumed
   * @throws IdentityRefusedException when either side refused the other's identity
   * @throws java.net.SocketTimeoutException when the handshake took longer than the socket's read
   *     timeout, or {@link #HANDSHAKE_TIMEOUT_MILLIS} where it has none
   * @throws IOException in every case {@code connected} is closed
   */
  public Socket layer(Socket connected, String address, int port, ClientTls tls)
      throws IOException {
    return layer(connected, address, port, tls, Alpn.WEFT_HTTP_1, true);
  }

  /**
   * As {@link #layer(Socket, String, int, ClientTls)}.
   *
   * @param alpn what the application is going to speak
   * @param collecting whether writes may wait for a flush, so that a head and its body share a
   *     record; false for clients that do not flush
   */
  public Socket layer(
      Socket connected, String address, int port, ClientTls tls, String alpn, boolean collecting)
      throws IOException {
    TrustGeneration generation = required();
    SSLContext context = clientContext(generation, tls);
    SSLSocket secured =
        (SSLSocket)
            Detached.open(
                () -> context.getSocketFactory().createSocket(connected, address, port, true));
    SSLParameters parameters = parameters(secured.getSSLParameters());
    indicate(parameters, tls.serverName());
    Alpn.offer(parameters, alpn);
    secured.setSSLParameters(parameters);
    secured.setUseClientMode(true);
    int soTimeout = connected.getSoTimeout();
    try {
      // Somebody who accepts and then says nothing must not hold the caller for ever.
      secured.setSoTimeout(soTimeout > 0 ? soTimeout : HANDSHAKE_TIMEOUT_MILLIS);
      secured.startHandshake();
      secured.setSoTimeout(soTimeout);
      PeerIdentity peer = verify(generation, secured.getSession(), tls.expectedSpiffeId());
      LayeredSocket layered = LayeredSocket.of(connected, secured, peer, connections, collecting);
      if (generation != current) {
        recheck(peer, layered);
      }
      handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.OK);
      return layered;
    } catch (SSLException e) {
      connected.close();
      handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(e));
      throw refused(tls, e);
    } catch (IOException | RuntimeException e) {
      connected.close();
      handshake(ConnectionObserver.Side.OUTBOUND, HandshakeResult.of(e));
      throw e;
    }
  }

  private void recheck(PeerIdentity peer, Socket socket) throws IOException {
    if (!trusts(peer)) {
      socket.close();
      throw new IdentityRefusedException(peer + " lost our trust during the handshake");
    }
  }

  /** A context for clients that make their own engines; sessions of it never outlive its trust. */
  public SSLContext clientContext(ClientTls tls) throws SSLException {
    return clientContext(required(), tls);
  }

  private static SSLContext clientContext(TrustGeneration generation, ClientTls tls)
      throws SSLException {
    try {
      return generation.client(tls.expectedSpiffeId());
    } catch (GeneralSecurityException e) {
      throw new SSLException("no TLS context for " + tls.serverName(), e);
    }
  }

  /**
   * For one handshake that a library makes inside its own protocol.
   *
   * @throws IdentityRefusedException when we have no identity
   */
  public NativeTls nativeTls(ClientTls tls) throws SSLException {
    return NativeTls.of(this, required(), tls.expectedSpiffeId());
  }

  /** A client engine for an instance. */
  public SSLEngine clientEngine(String address, int port, ClientTls tls, String... alpn)
      throws SSLException {
    SSLContext context = clientContext(tls);
    SSLEngine engine = Detached.make(() -> context.createSSLEngine(address, port));
    configure(engine, tls, alpn);
    return engine;
  }

  /** Makes an engine of {@link #clientContext} speak as the mesh does. */
  public void configure(SSLEngine engine, ClientTls tls, String... alpn) {
    SSLParameters parameters = parameters(engine.getSSLParameters());
    indicate(parameters, tls.serverName());
    Alpn.offer(parameters, alpn);
    engine.setSSLParameters(parameters);
    engine.setUseClientMode(true);
  }

  /** Who the server is, and that it is the one expected; call it after every client handshake. */
  public PeerIdentity verifyServer(SSLSession session, ClientTls tls) throws SSLException {
    return verify(required(), session, tls.expectedSpiffeId());
  }

  // ---- shared

  /**
   * Remembers an open connection, so that it is closed when its peer loses our trust; at once when
   * that happened since the peer was verified. For connections that {@link #layer} did not make.
   *
   * @param close closes the connection; may run on any thread, must not block
   * @return forgets the connection; to be run when it closes
   */
  public Runnable register(PeerIdentity peer, Runnable close) {
    return registered(connections.add(peer, close), peer, close);
  }

  /**
   * The same until {@code close}, which the connection must hold, is no longer reachable: for
   * clients that do not tell when a connection closes.
   */
  public Runnable registerWeakly(PeerIdentity peer, Runnable close) {
    return registered(connections.addWeakly(peer, close), peer, close);
  }

  private Runnable registered(
      LiveConnections.Registration registration, PeerIdentity peer, Runnable close) {
    if (!trusts(peer)) {
      registration.remove();
      close.run();
    }
    return registration::remove;
  }

  /** Whether the current generation would accept this peer; false without one. */
  boolean trusts(PeerIdentity peer) {
    TrustGeneration now = current;
    return now != null && now.stillTrusts(peer);
  }

  TrustGeneration required() throws SSLException {
    TrustGeneration now = current;
    if (now == null) {
      throw new IdentityRefusedException(
          "this workload has no identity yet: has it joined the control server?");
    }
    return now;
  }

  PeerIdentity verify(TrustGeneration generation, SSLSession session, @Nullable String expected)
      throws SSLException {
    try {
      Certificate[] certificates = session.getPeerCertificates();
      X509Certificate[] chain = new X509Certificate[certificates.length];
      for (int i = 0; i < chain.length; i++) {
        chain[i] = (X509Certificate) certificates[i];
      }
      return generation.validate(chain, expected);
    } catch (SSLPeerUnverifiedException | CertificateException | ClassCastException e) {
      session.invalidate();
      throw new IdentityRefusedException("peer refused: " + e.getMessage(), e);
    }
  }

  private static SSLException refused(ClientTls tls, SSLException e) {
    if (e instanceof IdentityRefusedException || !HandshakeResult.refusesIdentity(e)) {
      return e;
    }
    return new IdentityRefusedException(
        "mTLS with " + tls.serverName() + " refused: " + e.getMessage(), e);
  }

  static SSLParameters parameters(SSLParameters parameters) {
    parameters.setProtocols(PROTOCOLS);
    parameters.setCipherSuites(SUITES);
    parameters.setUseCipherSuitesOrder(true);
    return parameters;
  }

  private static void indicate(SSLParameters parameters, String serverName) {
    try {
      parameters.setServerNames(Collections.singletonList(new SNIHostName(serverName)));
    } catch (IllegalArgumentException e) {
      // A wildcard or an address is no server name: the identity is checked all the same.
      parameters.setServerNames(Collections.emptyList());
    }
  }
}
