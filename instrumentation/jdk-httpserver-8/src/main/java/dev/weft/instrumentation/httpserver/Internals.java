package dev.weft.instrumentation.httpserver;

import com.sun.net.httpserver.Headers;
import com.sun.net.httpserver.HttpExchange;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Constructor;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.net.InetSocketAddress;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.Collection;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code sun.net.httpserver} that the mesh uses, as handles: found once, and all of
 * them, or the server is not served. Objects of the server are {@code Object} here. Thread-safe.
 */
final class Internals {
  private static final String PACKAGE = "sun.net.httpserver.";
  private static final MethodHandles.Lookup LOOKUP = MethodHandles.lookup();

  private final Class<?> plainExchange = type("HttpExchangeImpl");
  private final Class<?> securedExchange = type("HttpsExchangeImpl");
  private final MethodHandle plainImpl = getter("HttpExchangeImpl", "impl");
  private final MethodHandle securedImpl = getter("HttpsExchangeImpl", "impl");
  private final MethodHandle connection = getter("ExchangeImpl", "connection");
  private final MethodHandle setHeaders = setter("ExchangeImpl", "reqHdrs");
  private final MethodHandle setAnswerHeaders = setter("ExchangeImpl", "rspHdrs");
  private final MethodHandle setClose = setter("ExchangeImpl", "close");
  private final MethodHandle status = getter("ExchangeImpl", "rcode");
  private final MethodHandle unmodifiable = constructor("UnmodifiableHeaders", Headers.class);
  private final MethodHandle eventExchange = getter("Event", "exchange");
  private final MethodHandle channel = getter("HttpConnection", "chan");
  private final MethodHandle setChannel = setter("HttpConnection", "chan");
  private final MethodHandle context = getter("HttpConnection", "context");
  private final MethodHandle setKey = setter("HttpConnection", "selectionKey");
  private final MethodHandle server = getter("ServerImpl$Dispatcher", "this$0");
  private final MethodHandle toRegister = getter("ServerImpl$Dispatcher", "connsToRegister");
  private final MethodHandle https = getter("ServerImpl", "https");
  private final MethodHandle selector = getter("ServerImpl", "selector");
  private final MethodHandle requests = getter("ServerImpl", "reqConnections");
  private final MethodHandle address = method("ServerImpl", "getAddress");
  private final MethodHandle close =
      method("ServerImpl", "closeConnection", type("HttpConnection"));
  private final MethodHandle watch = method("ServerImpl", watching(), type("HttpConnection"));
  private final MethodHandle sendReply =
      method("ServerImpl$Exchange", "sendReply", int.class, boolean.class, String.class);

  /** Whether an exchange is the server's own, not one that an application wrapped around it. */
  boolean isOwn(HttpExchange exchange) {
    return exchange.getClass() == plainExchange || exchange.getClass() == securedExchange;
  }

  /** Whether the exchange came by TLS of the application's own. */
  boolean isSecured(HttpExchange exchange) {
    return exchange.getClass() == securedExchange;
  }

  /** What the exchange is for the server. */
  Object impl(HttpExchange exchange) {
    return get(isSecured(exchange) ? securedImpl : plainImpl, exchange);
  }

  /** The connection of an exchange. */
  Object connection(Object impl) {
    return get(connection, impl);
  }

  /** The exchange that an event is about, null for none. */
  @Nullable Object exchangeOfEvent(Object event) {
    return find(eventExchange, event);
  }

  /** Status of the answer; 0 before it. */
  int status(Object impl) {
    return (Integer) get(status, impl);
  }

  /** Puts other request headers in the place of those that came. */
  void setHeaders(Object impl, Headers headers) {
    run(setHeaders, impl, get(unmodifiable, headers));
  }

  /** Puts other headers in the place of those of the answer. */
  void setAnswerHeaders(Object impl, Headers headers) {
    run(setAnswerHeaders, impl, headers);
  }

  /** Ends the connection after the answer. */
  void setClose(Object impl) {
    run(setClose, impl, true);
  }

  /** Our channel of a connection; null when it has none yet. */
  @Nullable MeshSocketChannel channel(Object connection) {
    Object found = get(channel, connection);
    return found instanceof MeshSocketChannel ? (MeshSocketChannel) found : null;
  }

  /** The channel of a connection, whosever it is. */
  SocketChannel anyChannel(Object connection) {
    return (SocketChannel) get(channel, connection);
  }

  /** Has a connection remember our channel. */
  void setChannel(Object connection, MeshSocketChannel ours) {
    run(setChannel, connection, ours);
  }

  /** Whether a connection has made a request already. */
  boolean isUsed(Object connection) {
    return find(context, connection) != null;
  }

  /** The server of a dispatcher. */
  Object server(Object dispatcher) {
    return get(server, dispatcher);
  }

  /** Whether a server speaks TLS of the application's own. */
  boolean isHttps(Object server) {
    return (Boolean) get(https, server);
  }

  /** The port a server listens on. */
  int port(Object server) {
    return ((InetSocketAddress) get(address, server)).getPort();
  }

  /** Has the dispatcher watch a connection again, once it has forgotten the earlier key. */
  @SuppressWarnings("unchecked")
  void giveBack(Object dispatcher, Object connection) {
    ((Collection<Object>) get(requests, server(dispatcher))).remove(connection);
    ((Collection<Object>) get(toRegister, dispatcher)).add(connection);
  }

  /** Watches a connection that has made no request yet. On the dispatcher's thread. */
  void watch(Object dispatcher, Object connection, SocketChannel below) {
    try {
      Object owner = server(dispatcher);
      below.configureBlocking(false);
      SelectionKey key =
          below.register((Selector) get(selector, owner), SelectionKey.OP_READ, connection);
      setKey.invoke(connection, key);
      watch.invoke(owner, connection);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  /** Ends a connection. */
  void close(Object dispatcher, Object connection) {
    run(close, server(dispatcher), connection);
  }

  /** Asks the client for the body of its request, as the server does. */
  void askForBody(Object exchange) {
    try {
      sendReply.invoke(exchange, 100, false, null);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  private static void run(MethodHandle handle, Object on, Object with) {
    try {
      handle.invoke(on, with);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  private static Object get(MethodHandle handle, Object on) {
    Object found = find(handle, on);
    if (found == null) {
      throw new IllegalStateException("HttpServer is not as expected: " + handle);
    }
    return found;
  }

  private static @Nullable Object find(MethodHandle handle, Object on) {
    try {
      return handle.invoke(on);
    } catch (Throwable t) {
      throw failed(t);
    }
  }

  private static IllegalStateException failed(Throwable cause) {
    return new IllegalStateException("HttpServer is not as expected", cause);
  }

  /** Runtimes before 17.0.9 and the like know only idle connections. */
  private static String watching() {
    for (Method method : type("ServerImpl").getDeclaredMethods()) {
      if (method.getName().equals("markNewlyAccepted")) {
        return method.getName();
      }
    }
    return "markIdle";
  }

  private static Class<?> type(String name) {
    try {
      return Class.forName(PACKAGE + name, false, HttpExchange.class.getClassLoader());
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  private static Field field(String type, String name) throws ReflectiveOperationException {
    Field field = type(type).getDeclaredField(name);
    field.setAccessible(true);
    return field;
  }

  private static MethodHandle getter(String type, String name) {
    try {
      return LOOKUP.unreflectGetter(field(type, name));
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  private static MethodHandle setter(String type, String name) {
    try {
      return LOOKUP.unreflectSetter(field(type, name));
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  private static MethodHandle method(String type, String name, Class<?>... parameters) {
    try {
      Method method = type(type).getDeclaredMethod(name, parameters);
      method.setAccessible(true);
      return LOOKUP.unreflect(method);
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }

  private static MethodHandle constructor(String type, Class<?>... parameters) {
    try {
      Constructor<?> constructor = type(type).getDeclaredConstructor(parameters);
      constructor.setAccessible(true);
      return LOOKUP.unreflectConstructor(constructor);
    } catch (ReflectiveOperationException e) {
      throw failed(e);
    }
  }
}
