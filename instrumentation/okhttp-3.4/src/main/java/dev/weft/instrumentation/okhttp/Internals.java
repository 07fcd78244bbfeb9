package dev.weft.instrumentation.okhttp;

import static java.lang.invoke.MethodType.methodType;

import java.lang.invoke.MethodHandle;
import java.lang.invoke.MethodHandles;
import java.lang.reflect.Field;
import java.lang.reflect.Method;
import java.util.List;
import okhttp3.Call;
import okhttp3.Connection;
import okhttp3.Interceptor;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.Response;
import org.jspecify.annotations.Nullable;

/** What differs between versions of the library. Immutable. */
final class Internals {
  private final Class<?> connecting;
  private final Class<?> followingUp;
  private final MethodHandle proceed;
  private final @Nullable MethodHandle connectionOfExchange;
  private final @Nullable Class<?> exchange;
  private final @Nullable MethodHandle call;
  private final @Nullable MethodHandle followUpCanceled;
  private final @Nullable MethodHandle readTimeout;
  private final @Nullable MethodHandle client;
  private final @Nullable MethodHandle oneShot;
  private final @Nullable MethodHandle duplex;

  Internals() throws ReflectiveOperationException {
    this.connecting = type("okhttp3.internal.connection.ConnectInterceptor");
    this.followingUp = type("okhttp3.internal.http.RetryAndFollowUpInterceptor");
    this.proceed = proceed(type("okhttp3.internal.http.RealInterceptorChain"));
    this.exchange = typeOrNull("okhttp3.internal.connection.Exchange");
    this.connectionOfExchange = exchange == null ? null : handle(exchange, "connection", false);
    this.call = handle(Interceptor.Chain.class, "call", false);
    this.followUpCanceled = call == null ? handle(followingUp, "isCanceled", true) : null;
    this.readTimeout = handle(Interceptor.Chain.class, "readTimeoutMillis", false);
    this.client = readTimeout == null ? field(followingUp, "client") : null;
    this.oneShot = handle(RequestBody.class, "isOneShot", true);
    this.duplex = handle(RequestBody.class, "isDuplex", true);
  }

  private static Class<?> type(String name) throws ClassNotFoundException {
    return Class.forName(name, false, Interceptor.class.getClassLoader());
  }

  private static @Nullable Class<?> typeOrNull(String name) {
    try {
      return type(name);
    } catch (ClassNotFoundException e) {
      return null;
    }
  }

  /** The overload with the most parameters, which the others end in. */
  private static MethodHandle proceed(Class<?> chain) throws ReflectiveOperationException {
    Method longest = null;
    for (Method method : chain.getDeclaredMethods()) {
      if (method.getName().equals("proceed")
          && (longest == null || method.getParameterCount() > longest.getParameterCount())) {
        longest = method;
      }
    }
    if (longest == null) {
      throw new NoSuchMethodException("proceed of " + chain);
    }
    longest.setAccessible(true);
    return MethodHandles.lookup()
        .unreflect(longest)
        .asSpreader(Object[].class, longest.getParameterCount())
        .asType(methodType(Response.class, Interceptor.Chain.class, Object[].class));
  }

  private static @Nullable MethodHandle handle(Class<?> type, String name, boolean flag)
      throws IllegalAccessException {
    try {
      Method method = type.getDeclaredMethod(name);
      method.setAccessible(true);
      return MethodHandles.lookup()
          .unreflect(method)
          .asType(methodType(flag ? boolean.class : Object.class, Object.class));
    } catch (NoSuchMethodException e) {
      return null;
    }
  }

  private static @Nullable MethodHandle field(Class<?> type, String name)
      throws IllegalAccessException {
    try {
      Field field = type.getDeclaredField(name);
      field.setAccessible(true);
      return MethodHandles.lookup()
          .unreflectGetter(field)
          .asType(methodType(Object.class, Object.class));
    } catch (NoSuchFieldException e) {
      return null;
    }
  }

  /** Whether an interceptor is the library's that finds a connection. */
  boolean isConnecting(Object interceptor) {
    return interceptor.getClass() == connecting;
  }

  /** The library's interceptor that prepares a call for its address. */
  Interceptor followingUp(List<?> interceptors) {
    for (Object interceptor : interceptors) {
      if (interceptor.getClass() == followingUp) {
        return (Interceptor) interceptor;
      }
    }
    throw new IllegalStateException("no " + followingUp.getSimpleName() + " in " + interceptors);
  }

  /** Goes to the next interceptor. */
  Response proceed(Interceptor.Chain chain, Object[] arguments) throws Throwable {
    return (Response) proceed.invokeExact(chain, arguments);
  }

  /** The connection that a step is the first to have. */
  @Nullable Connection connection(Interceptor.Chain chain, Object[] arguments) throws Throwable {
    for (Object argument : arguments) {
      if (argument instanceof Connection) {
        return (Connection) argument;
      }
      if (connectionOfExchange != null && exchange != null && exchange.isInstance(argument)) {
        return (Connection) (Object) connectionOfExchange.invokeExact(argument);
      }
    }
    return chain.connection();
  }

  /** Whether the application canceled a call. */
  boolean isCanceled(Interceptor.Chain chain, Interceptor followUp) {
    try {
      if (call != null) {
        return ((Call) (Object) call.invokeExact((Object) chain)).isCanceled();
      }
      return is(followUpCanceled, followUp);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  /** The application's read timeout; 0 for none. */
  int readTimeoutMillis(Interceptor.Chain chain, Interceptor followUp) {
    try {
      if (readTimeout != null) {
        return (Integer) (Object) readTimeout.invokeExact((Object) chain);
      }
      return client == null
          ? 0
          : ((OkHttpClient) (Object) client.invokeExact((Object) followUp)).readTimeoutMillis();
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  boolean isOneShot(RequestBody body) {
    return is(oneShot, body);
  }

  boolean isDuplex(RequestBody body) {
    return is(duplex, body);
  }

  private static boolean is(@Nullable MethodHandle flag, Object of) {
    try {
      return flag != null && (boolean) flag.invokeExact(of);
    } catch (Throwable t) {
      throw unexpected(t);
    }
  }

  private static RuntimeException unexpected(Throwable t) {
    if (t instanceof RuntimeException) {
      return (RuntimeException) t;
    }
    if (t instanceof Error) {
      throw (Error) t;
    }
    return new IllegalStateException(t);
  }
}
