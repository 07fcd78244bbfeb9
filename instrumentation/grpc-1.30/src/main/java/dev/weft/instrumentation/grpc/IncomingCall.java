package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.IpText;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.dataplane.inbound.MeshConnection;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.internal.ServerStream;
import io.grpc.internal.ServerTransport;
import java.net.InetSocketAddress;
import java.net.SocketAddress;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A call that came in, as the mesh sees it: a POST whose path names the method. For one thread. */
final class IncomingCall implements InboundRequest {
  private final ServerTransport transport;
  private final ServerStream stream;
  private final String path;
  private final Metadata headers;
  private MeshConnection connection = MeshConnection.UNSECURED;

  IncomingCall(ServerTransport transport, ServerStream stream, String method, Metadata headers) {
    this.transport = transport;
    this.stream = stream;
    this.path = "/" + method;
    this.headers = headers;
  }

  ServerTransport transport() {
    return transport;
  }

  ServerStream stream() {
    return stream;
  }

  Metadata headers() {
    return headers;
  }

  IncomingCall on(MeshConnection accepted) {
    connection = accepted;
    return this;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String protocolVersion() {
    return "2";
  }

  @Override
  public List<String> headers(String name) {
    if (name.equalsIgnoreCase("host") || name.equals(":authority")) {
      String authority = stream.getAuthority();
      return authority == null ? Collections.emptyList() : Collections.singletonList(authority);
    }
    return Entries.all(headers, name);
  }

  @Override
  public Iterable<String> headerNames() {
    return headers.keys();
  }

  @Override
  public String rawPath() {
    return path;
  }

  /** The name of a method is looked up as it is. */
  @Override
  public String decodedPath() {
    return path;
  }

  @Override
  public @Nullable String mappedPath() {
    return null;
  }

  @Override
  public String remoteAddress() {
    return IpText.of(address(Grpc.TRANSPORT_ATTR_REMOTE_ADDR));
  }

  @Override
  public String localAddress() {
    return IpText.of(address(Grpc.TRANSPORT_ATTR_LOCAL_ADDR));
  }

  @Override
  public int localPort() {
    InetSocketAddress address = address(Grpc.TRANSPORT_ATTR_LOCAL_ADDR);
    return address == null ? -1 : address.getPort();
  }

  private @Nullable InetSocketAddress address(Attributes.Key<SocketAddress> key) {
    SocketAddress address = stream.getAttributes().get(key);
    return address instanceof InetSocketAddress ? (InetSocketAddress) address : null;
  }

  @Override
  public void setHeader(String name, String value) {
    Entries.set(headers, name, value);
  }

  @Override
  public void removeHeader(String name) {
    Entries.remove(headers, name);
  }

  /** Not done: what asks for it is about browsers, which do not speak gRPC. */
  @Override
  public void setAnswerHeader(String name, String value) {}

  /** Nor this. */
  @Override
  public void addAnswerHeader(String name, String value) {}

  @Override
  public @Nullable PeerIdentity peer() {
    return connection.peer();
  }

  @Override
  public @Nullable String indicatedServerName() {
    return connection.serverName();
  }
}
