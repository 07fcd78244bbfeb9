package dev.weft.instrumentation.reactornettyclient;

import static dev.weft.instrumentation.nettyclient.Handles.call;
import static dev.weft.instrumentation.nettyclient.Handles.constructor;
import static dev.weft.instrumentation.nettyclient.Handles.get;
import static dev.weft.instrumentation.nettyclient.Handles.getter;
import static dev.weft.instrumentation.nettyclient.Handles.method;
import static dev.weft.instrumentation.nettyclient.Handles.setter;

import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import java.lang.invoke.MethodHandle;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;
import reactor.netty.http.HttpProtocol;
import reactor.netty.http.client.HttpClient;
import reactor.netty.http.client.HttpClientConfig;
import reactor.netty.transport.ClientTransportConfig;

/**
 * The parts of Reactor Netty that a hop is read from and sent with, as handles: found once, and all
 * of them, or the client is not served. Objects that are not public are {@code Object} here.
 */
final class Internals {
  private static final String CLIENT = ReactorNettyClientModule.CLIENT;

  private final Class<?> handler;
  private final Class<?> operations;
  private final MethodHandle uri;
  private final MethodHandle method;
  private final MethodHandle headers;
  private final MethodHandle mayRepeat;
  private final MethodHandle setMayRepeat;
  private final MethodHandle isSecure;
  private final MethodHandle remoteAddress;
  private final MethodHandle pathAndQuery;
  private final MethodHandle toExternalForm;
  private final MethodHandle nettyRequest;
  private final MethodHandle setResource;
  private final boolean resourceIsText;
  private final MethodHandle followRedirect;
  private final MethodHandle setFollowRedirect;
  private final MethodHandle redirectedFrom;
  private final MethodHandle setRedirectedFrom;
  private final MethodHandle copyConfig;
  private final MethodHandle setProtocols;
  private final MethodHandle protocols;
  private final MethodHandle setProxy;

  Internals() throws ReflectiveOperationException {
    handler = type("HttpClientConnect$HttpClientHandler");
    operations = type("HttpClientOperations");
    Class<?> endpoint = type("UriEndpoint");
    uri = getter(handler, "toURI");
    method = getter(handler, "method");
    headers = getter(handler, "defaultHeaders");
    mayRepeat = getter(handler, "shouldRetry");
    setMayRepeat = setter(handler, "shouldRetry");
    isSecure = method(endpoint, "isSecure");
    remoteAddress = method(endpoint, "getRemoteAddress");
    pathAndQuery = method(endpoint, "getPathAndQuery");
    toExternalForm = method(endpoint, "toExternalForm");
    nettyRequest = method(operations, "getNettyRequest");
    resourceIsText = has(operations, "resourceUrl");
    setResource = setter(operations, resourceIsText ? "resourceUrl" : "uriEndpoint");
    followRedirect = getter(handler, "followRedirectPredicate");
    setFollowRedirect = setter(operations, "followRedirectPredicate");
    redirectedFrom = getter(handler, "redirectedFrom");
    setRedirectedFrom = setter(operations, "redirectedFrom");
    copyConfig = constructor(HttpClientConfig.class, HttpClientConfig.class);
    setProtocols = method(HttpClientConfig.class, "protocols", HttpProtocol[].class);
    protocols = getter(HttpClientConfig.class, "protocols");
    setProxy = setter(ClientTransportConfig.class, "proxyProvider");
  }

  /** Whether what is asked for an address is a call of the application. */
  boolean isHop(@Nullable Object supplier) {
    return supplier != null && supplier.getClass() == handler;
  }

  /** The request of a hop; null when it does not go to a host. */
  @Nullable HopRequest request(Object hop) {
    Object endpoint = get(uri, hop);
    Object remote = get(remoteAddress, endpoint);
    if (!(remote instanceof InetSocketAddress)) {
      return null;
    }
    return new HopRequest(
        ((HttpMethod) get(method, hop)).name(),
        (Boolean) get(isSecure, endpoint),
        (InetSocketAddress) remote,
        (String) get(pathAndQuery, endpoint),
        (HttpHeaders) get(headers, hop));
  }

  /** Whether this connection is one that a request is written on. */
  boolean isOperations(Object connection) {
    return connection.getClass() == operations;
  }

  /** Says whether the client may send a hop again by itself; answers what it was. */
  boolean mayRepeat(Object hop, boolean may) {
    boolean before = (Boolean) get(mayRepeat, hop);
    call(setMayRepeat, hop, may);
    return before;
  }

  /** Has operations that nothing is sent with show, and treat, the request they answer. */
  void describe(Object ops, Object hop) {
    Object endpoint = get(uri, hop);
    ((HttpRequest) get(nettyRequest, ops))
        .setMethod((HttpMethod) get(method, hop))
        .setUri((String) get(pathAndQuery, endpoint));
    call(setResource, ops, resourceIsText ? get(toExternalForm, endpoint) : endpoint);
    call(setFollowRedirect, ops, call(followRedirect, hop));
    Object earlier = call(redirectedFrom, hop);
    if (earlier != null) {
      call(setRedirectedFrom, ops, earlier); // the library counts them
    }
  }

  /** The configuration for instances: no proxy, HTTP/1.1. The same one where nothing differs. */
  HttpClientConfig direct(HttpClientConfig config) {
    HttpProtocol[] spoken = (HttpProtocol[]) get(protocols, config);
    boolean plain = spoken.length == 1 && spoken[0] == HttpProtocol.HTTP11;
    if (plain && config.proxyProvider() == null) {
      return config;
    }
    HttpClientConfig copy = (HttpClientConfig) get(copyConfig, config);
    call(setProtocols, copy, (Object) new HttpProtocol[] {HttpProtocol.HTTP11});
    call(setProxy, copy, null);
    return copy;
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(CLIENT + name, false, HttpClient.class.getClassLoader());
  }

  private static boolean has(Class<?> type, String field) {
    try {
      return type.getDeclaredField(field) != null;
    } catch (NoSuchFieldException e) {
      return false;
    }
  }
}
