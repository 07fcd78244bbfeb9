package dev.weft.dataplane.identity;

import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;
import org.jspecify.annotations.Nullable;

/**
 * Application-layer protocol negotiation (RFC 7301). The methods exist since Java 9 and in updates
 * of 8, but not in its API, so they are found once by name; where they are missing nothing is
 * negotiated, and the certificate alone tells a mesh peer. Stateless.
 */
public final class Alpn {
  /** HTTP/1.1 between two mesh workloads. */
  public static final String WEFT_HTTP_1 = "weft-http/1.1";

  /**
   * Whatever the application speaks. The mesh takes it for {@link #WEFT_HTTP_1}; outside nothing is
   * negotiated.
   */
  public static final String OPAQUE = "";

  /** HTTP/1.1 with a server outside the mesh. */
  private static final String HTTP_1 = "http/1.1";

  /** HTTP/2. */
  public static final String HTTP_2 = "h2";

  private static final @Nullable Method SET =
      find(SSLParameters.class, "setApplicationProtocols", String[].class);
  private static final @Nullable Method OF_ENGINE = find(SSLEngine.class, "getApplicationProtocol");
  private static final @Nullable Method OF_SOCKET = find(SSLSocket.class, "getApplicationProtocol");

  private Alpn() {}

  /** Whether this JVM can negotiate. */
  static boolean available() {
    return SET != null && OF_ENGINE != null;
  }

  /** Offers protocols, or as a server takes one of them, in this order of preference. */
  static void offer(SSLParameters parameters, String... protocols) {
    if (SET != null) {
      call(SET, parameters, (Object) protocols);
    }
  }

  /** Offers an instance of the mesh protocols by its own names. */
  static void offerMesh(SSLParameters parameters, String... protocols) {
    String[] names = protocols.clone();
    for (int i = 0; i < names.length; i++) {
      names[i] = names[i].equals(OPAQUE) ? WEFT_HTTP_1 : names[i];
    }
    offer(parameters, names);
  }

  /** Offers a server outside the mesh the same protocols by the names that it knows. */
  static void offerOutside(SSLParameters parameters, String... protocols) {
    List<String> names = new ArrayList<>();
    for (String each : protocols) {
      if (!each.equals(OPAQUE)) {
        names.add(each.equals(WEFT_HTTP_1) ? HTTP_1 : each);
      }
    }
    offer(parameters, names.toArray(new String[0]));
  }

  /** What was negotiated; empty when nothing was. */
  public static String negotiated(SSLEngine engine) {
    return text(OF_ENGINE, engine);
  }

  /** What was negotiated; empty when nothing was. */
  static String negotiated(SSLSocket socket) {
    return text(OF_SOCKET, socket);
  }

  private static String text(@Nullable Method method, Object on) {
    Object value = method == null ? null : call(method, on);
    return value == null ? "" : value.toString();
  }

  private static @Nullable Object call(Method method, Object on, Object... arguments) {
    try {
      return method.invoke(on, arguments);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("ALPN is not usable on this JVM", e);
    }
  }

  private static @Nullable Method find(Class<?> type, String name, Class<?>... parameters) {
    try {
      return type.getMethod(name, parameters);
    } catch (NoSuchMethodException e) {
      return null;
    }
  }
}
