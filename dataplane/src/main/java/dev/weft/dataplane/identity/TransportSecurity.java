package dev.weft.dataplane.identity;

import dev.weft.dataplane.Detached;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.security.GeneralSecurityException;
import java.security.cert.Certificate;
import java.security.cert.CertificateException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.util.IdentityHashMap;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicLong;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLPeerUnverifiedException;
import javax.net.ssl.SSLSession;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Makes mesh TLS from our identity, and TLS with servers outside the mesh without it; judges peers.
 * One volatile generation is read per decision; nothing here blocks but the handshakes of {@link
 * #layer}. Thread-safe. JSSE is not touched before the first identity arrives.
 */
public final class TransportSecurity {
  /** How long a handshake may take where nothing else bounds it: 10 s. */
  public static final int HANDSHAKE_TIMEOUT_MILLIS = 10_000;

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

  /** Tells the observer about a handshake of the mesh that {@link #layer} did not make. */
  public void handshake(ConnectionObserver.Side side, HandshakeResult result) {
    handshake(side, ConnectionObserver.Security.MTLS, result);
  }

  /** The same of one with the server of an attempt. */
  public void handshake(ClientTls tls, HandshakeResult result) {
    handshake(
        ConnectionObserver.Side.OUTBOUND,
        tls.outside() == null ? ConnectionObserver.Security.MTLS : ConnectionObserver.Security.TLS,
        result);
  }

  private void handshake(
      ConnectionObserver.Side side, ConnectionObserver.Security security, HandshakeResult result) {
    try {
      observer.handshake(side, result);
      if (result == HandshakeResult.OK) {
        observer.opened(side, security);
      }
    } catch (Throwable failed) {
      // It only counts; a connection must not end by it.
    }
  }

  /** Tells the observer about a connection in plaintext. */
  public void plaintext(ConnectionObserver.Side side) {
    try {
      observer.opened(side, ConnectionObserver.Security.PLAINTEXT);
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
    SSLContext context = clientContext(tls);
    SSLSocket secured =
        (SSLSocket)
            Detached.open(
                () -> context.getSocketFactory().createSocket(connected, address, port, true));
    secured.setSSLParameters(TlsParameters.client(secured.getSSLParameters(), tls, alpn));
    secured.setUseClientMode(true);
    int soTimeout = connected.getSoTimeout();
    try {
      // Somebody who accepts and then says nothing must not hold the caller for ever.
      secured.setSoTimeout(soTimeout > 0 ? soTimeout : HANDSHAKE_TIMEOUT_MILLIS);
      secured.startHandshake();
      secured.setSoTimeout(soTimeout);
      Socket layered = judged(connected, secured, tls, collecting);
      handshake(tls, HandshakeResult.OK);
      return layered;
    } catch (SSLException e) {
      connected.close();
      handshake(tls, HandshakeResult.of(e));
      throw refused(tls, e);
    } catch (IOException | RuntimeException e) {
      connected.close();
      handshake(tls, HandshakeResult.of(e));
      throw e;
    }
  }

  private Socket judged(Socket connected, SSLSocket secured, ClientTls tls, boolean collecting)
      throws IOException {
    OutsideTls outside = tls.outside();
    if (outside != null) {
      verify(outside, secured.getSession());
      return LayeredSocket.outside(connected, secured, tls.serverName(), collecting);
    }
    TrustGeneration generation = required();
    PeerIdentity peer = verify(generation, secured.getSession(), tls.expectedSpiffeId());
    Socket layered = LayeredSocket.of(connected, secured, peer, connections, collecting);
    // Whoever withdrew our trust meanwhile did not know of the connection yet.
    if (generation != current && !trusts(peer)) {
      layered.close();
      throw new IdentityRefusedException(peer + " lost our trust during the handshake");
    }
    return layered;
  }

  /** A context for clients that make their own engines; sessions of it never outlive its trust. */
  public SSLContext clientContext(ClientTls tls) throws SSLException {
    OutsideTls outside = tls.outside();
    try {
      return outside == null
          ? required().client(tls.expectedSpiffeId(), tls.serverName())
          : outside.context();
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

  /** Makes an engine of {@link #clientContext} speak as the mesh, or the server outside, does. */
  public void configure(SSLEngine engine, ClientTls tls, String... alpn) {
    engine.setSSLParameters(TlsParameters.client(engine.getSSLParameters(), tls, alpn));
    engine.setUseClientMode(true);
  }

  /**
   * Judges the server after a client handshake, also of a resumed session, and before a byte of the
   * application leaves. Remembers the connection as {@link #registerWeakly} does, where it is one
   * of the mesh.
   *
   * @param close closes the connection, which must hold it; may run on any thread, must not block
   * @return forgets the connection; to be run when it closes
   * @throws IdentityRefusedException when the server is not the one expected
   */
  public Runnable judge(SSLSession session, ClientTls tls, Runnable close) throws SSLException {
    OutsideTls outside = tls.outside();
    if (outside == null) {
      return registerWeakly(verify(required(), session, tls.expectedSpiffeId()), close);
    }
    verify(outside, session);
    return () -> {};
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
      return generation.validate(chain(session), expected);
    } catch (SSLPeerUnverifiedException | CertificateException | ClassCastException e) {
      throw refused("peer", session, e);
    }
  }

  private static void verify(OutsideTls outside, SSLSession session) throws SSLException {
    try {
      outside.verify(chain(session));
    } catch (SSLPeerUnverifiedException | CertificateException | ClassCastException e) {
      throw refused("server", session, e);
    }
  }

  private static X509Certificate[] chain(SSLSession session) throws SSLPeerUnverifiedException {
    Certificate[] certificates = session.getPeerCertificates();
    X509Certificate[] chain = new X509Certificate[certificates.length];
    for (int i = 0; i < chain.length; i++) {
      chain[i] = (X509Certificate) certificates[i];
    }
    return chain;
  }

  private static IdentityRefusedException refused(String who, SSLSession session, Exception why) {
    session.invalidate();
    return new IdentityRefusedException(who + " refused: " + why.getMessage(), why);
  }

  private static SSLException refused(ClientTls tls, SSLException e) {
    if (e instanceof IdentityRefusedException || !HandshakeResult.refusesIdentity(e)) {
      return e;
    }
    String kind = tls.outside() == null ? "mTLS" : "TLS";
    return new IdentityRefusedException(
        kind + " with " + tls.serverName() + " refused: " + e.getMessage(), e);
  }
}
