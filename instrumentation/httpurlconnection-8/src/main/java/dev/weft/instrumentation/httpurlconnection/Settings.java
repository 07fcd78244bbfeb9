package dev.weft.instrumentation.httpurlconnection;

import java.lang.reflect.Field;
import java.lang.reflect.InvocationTargetException;
import java.net.Authenticator;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import org.jspecify.annotations.Nullable;

/** What the application asked of a connection, to be asked of each connection that serves it. */
final class Settings {
  boolean doInput;
  boolean useCaches;
  boolean interaction;
  long ifModifiedSince;
  int connectTimeout;
  int readTimeout;
  @Nullable Authenticator authenticator;

  void applyTo(HttpURLConnection connection, String method) throws ProtocolException {
    try {
      connection.setRequestMethod(method);
    } catch (ProtocolException e) {
      forceMethod(connection, method, e);
    }
    connection.setDoInput(doInput);
    connection.setUseCaches(useCaches);
    connection.setAllowUserInteraction(interaction);
    connection.setIfModifiedSince(ifModifiedSince);
    connection.setConnectTimeout(connectTimeout);
    connection.setReadTimeout(readTimeout);
    connection.setInstanceFollowRedirects(false);
    if (authenticator != null) {
      setAuthenticator(connection, authenticator);
    }
  }

  /** PATCH and its like get in by reflection on our field; so they go on by reflection. */
  private static void forceMethod(HttpURLConnection connection, String method, ProtocolException e)
      throws ProtocolException {
    try {
      Field field = HttpURLConnection.class.getDeclaredField("method");
      field.setAccessible(true);
      field.set(connection, method);
    } catch (ReflectiveOperationException | RuntimeException impossible) {
      e.addSuppressed(impossible);
      throw e;
    }
  }

  /** Since Java 9. */
  private static void setAuthenticator(HttpURLConnection connection, Authenticator authenticator) {
    try {
      HttpURLConnection.class
          .getMethod("setAuthenticator", Authenticator.class)
          .invoke(connection, authenticator);
    } catch (InvocationTargetException e) {
      throw new IllegalStateException(e.getCause());
    } catch (ReflectiveOperationException e) {
      throw new UnsupportedOperationException(e);
    }
  }
}
