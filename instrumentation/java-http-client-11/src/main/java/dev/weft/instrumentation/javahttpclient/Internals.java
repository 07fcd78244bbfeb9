package dev.weft.instrumentation.javahttpclient;

import java.io.IOException;
import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.invoke.MethodType;
import java.net.ProxySelector;
import java.net.http.HttpClient;
import java.net.http.HttpHeaders;
import java.net.http.HttpRequest;
import java.util.Collections;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * The parts of {@code jdk.internal.net.http} that a hop is sent with, as handles: found once, and
 * all of them, or the client is not served. Objects of the client are {@code Object} here.
 */
final class Internals {
  private static final String PACKAGE = "jdk.internal.net.http.";

  private final MethodHandle exchangeRequest;
  private final MethodHandle exchangeMulti;
  private final MethodHandle exchangeExecutor;
  private final MethodHandle executorDelegate;
  private final MethodHandle getImpl;
  private final MethodHandle setImpl;
  private final MethodHandle setPending;
  private final MethodHandle newExchange;
  private final MethodHandle responseAsync;
  private final MethodHandle cancelExchange;
  private final MethodHandle ignoreBody;
  private final MethodHandle closeConnection;
  private final MethodHandle setExchange;
  private final MethodHandle cancelled;
  private final MethodHandle setRetried;
  private final MethodHandle newRequest;
  private final MethodHandle isWebSocket;
  private final MethodHandle setWebSocket;
  private final MethodHandle systemHeaders;
  private final MethodHandle headerMap;
  private final MethodHandle newResponse;
  private final MethodHandle status;
  private final MethodHandle headers;
  private final MethodHandle version;

  Internals() throws ReflectiveOperationException {
    Class<?> exchange = type("Exchange");
    Class<?> multi = type("MultiExchange");
    Class<?> request = type("HttpRequestImpl");
    Class<?> response = type("Response");
    Class<?> connection = type("HttpConnection");
    Class<?> headersBuilder = type("common.HttpHeadersBuilder");
    Class<?> executor = type("HttpClientImpl$DelegatingExecutor");

    exchangeRequest = getter(exchange, "request");
    exchangeMulti = getter(exchange, "multi");
    exchangeExecutor = getter(exchange, "parentExecutor");
    executorDelegate = getter(executor, "delegate");
    getImpl = getter(exchange, "exchImpl");
    setImpl = setter(exchange, "exchImpl");
    setPending = setter(exchange, "exchangeCF");
    newExchange = constructor(exchange, request, multi);
    responseAsync = method(exchange, "responseAsyncImpl", connection);
    cancelExchange = method(exchange, "cancel", IOException.class);
    ignoreBody = method(exchange, "ignoreBody");
    closeConnection = method(connection, "close");
    setExchange = method(multi, "setExchange", exchange);
    cancelled = getter(multi, "cancelled");
    setRetried = setter(multi, has(multi, "retriedOnce") ? "retriedOnce" : "expiredOnce");
    newRequest = constructor(request, HttpRequest.class, ProxySelector.class);
    isWebSocket = method(request, "isWebSocket");
    setWebSocket = method(request, "isWebSocket", boolean.class);
    systemHeaders = method(request, "getSystemHeadersBuilder");
    headerMap = method(headersBuilder, "map");
    newResponse =
        constructor(
            response,
            request,
            exchange,
            HttpHeaders.class,
            connection,
            int.class,
            HttpClient.Version.class,
            boolean.class);
    status = method(response, "statusCode");
    headers = method(response, "headers");
    version = method(response, "version");
  }

  Object request(Object exchange) {
    return call(exchangeRequest, exchange);
  }

  Object multi(Object exchange) {
    return call(exchangeMulti, exchange);
  }

  /** The executor of the client, never inline. */
  Executor executor(Object exchange) {
    Object executor = call(exchangeExecutor, exchange);
    return (Executor)
        (executor.getClass().getName().endsWith("$DelegatingExecutor")
            ? call(executorDelegate, executor)
            : executor);
  }

  /** Makes {@code exchange} hold the connection of {@code sent}, for whoever kept the former. */
  void adopt(Object exchange, Object sent) {
    if (exchange != sent) {
      call(setImpl, exchange, callOrNull(getImpl, sent));
    }
  }

  /** What is completed exceptionally when an exchange that is not sent yet gets cancelled. */
  void setPending(Object exchange, CompletableFuture<?> pending) {
    call(setPending, exchange, pending);
  }

  Object newExchange(Object request, Object multi) {
    return call(newExchange, request, multi);
  }

  @SuppressWarnings("unchecked")
  CompletableFuture<Object> send(Object exchange) {
    return (CompletableFuture<Object>) call(responseAsync, exchange, null);
  }

  void cancel(Object exchange, IOException cause) {
    call(cancelExchange, exchange, cause);
  }

  CompletableFuture<?> ignoreBody(Object exchange) {
    return (CompletableFuture<?>) call(ignoreBody, exchange);
  }

  /** Closes a connection of the client, without waiting for anything. */
  void close(Object connection) {
    call(closeConnection, connection);
  }

  void makeCurrent(Object multi, Object exchange) {
    call(setExchange, multi, exchange);
  }

  boolean cancelled(Object multi) {
    return (Boolean) call(cancelled, multi);
  }

  /** Keeps the client from a retry of its own. */
  void markRetried(Object multi) {
    call(setRetried, multi, true);
  }

  /**
   * A request of the client's own, without a proxy, with what its filters added to {@code like}.
   */
  Object newRequest(HttpRequest from, Object like) {
    Object made = call(newRequest, from, null);
    systemHeaderMap(made).putAll(systemHeaderMap(like));
    if ((Boolean) call(isWebSocket, like)) {
      call(setWebSocket, made, true);
    }
    return made;
  }

  /** Has the connection of an internal request closed after the answer. */
  void endConnection(Object request) {
    systemHeaderMap(request).put("Connection", Collections.singletonList("close"));
  }

  /** What the client itself adds to the headers of an internal request; not to be changed. */
  Map<String, List<String>> added(Object request) {
    return systemHeaderMap(request);
  }

  @SuppressWarnings("unchecked")
  private Map<String, List<String>> systemHeaderMap(Object request) {
    return (Map<String, List<String>>) call(headerMap, call(systemHeaders, request));
  }

  Object newResponse(
      Object request, Object exchange, HttpHeaders with, int code, HttpClient.Version spoken) {
    return call(newResponse, request, exchange, with, null, code, spoken, false);
  }

  int status(Object response) {
    return (Integer) call(status, response);
  }

  HttpHeaders headers(Object response) {
    return (HttpHeaders) call(headers, response);
  }

  HttpClient.Version version(Object response) {
    return (HttpClient.Version) call(version, response);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(PACKAGE + name, false, HttpClient.class.getClassLoader());
  }

  private static boolean has(Class<?> type, String field) {
    try {
      return type.getDeclaredField(field) != null;
    } catch (NoSuchFieldException e) {
      return false;
    }
  }

  private static MethodHandles.Lookup in(Class<?> type) throws IllegalAccessException {
    return MethodHandles.privateLookupIn(type, MethodHandles.lookup());
  }

  private static MethodHandle getter(Class<?> type, String name)
      throws ReflectiveOperationException {
    return generic(in(type).unreflectGetter(type.getDeclaredField(name)));
  }

  private static MethodHandle setter(Class<?> type, String name)
      throws ReflectiveOperationException {
    return generic(in(type).unreflectSetter(type.getDeclaredField(name)));
  }

  private static MethodHandle method(Class<?> type, String name, Class<?>... parameters)
      throws ReflectiveOperationException {
    return generic(in(type).unreflect(type.getDeclaredMethod(name, parameters)));
  }

  private static MethodHandle constructor(Class<?> type, Class<?>... parameters)
      throws ReflectiveOperationException {
    return generic(in(type).findConstructor(type, MethodType.methodType(void.class, parameters)));
  }

  private static MethodHandle generic(MethodHandle handle) {
    return handle
        .asType(handle.type().generic())
        .asSpreader(Object[].class, handle.type().parameterCount());
  }

  private static Object call(MethodHandle handle, @Nullable Object... arguments) {
    Object result = callOrNull(handle, arguments);
    return result == null ? Void.TYPE : result;
  }

  private static @Nullable Object callOrNull(MethodHandle handle, @Nullable Object... arguments) {
    try {
      return handle.invokeExact(arguments);
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable t) {
      throw Internals.<RuntimeException>thrown(t);
    }
  }

  /** The client's own failure as it is, though it is a checked one: callers hand it on. */
  @SuppressWarnings({"unchecked", "TypeParameterUnusedInFormals"}) // erased: nothing is cast
  private static <T extends Throwable> T thrown(Throwable failure) throws T {
    throw (T) failure;
  }
}
