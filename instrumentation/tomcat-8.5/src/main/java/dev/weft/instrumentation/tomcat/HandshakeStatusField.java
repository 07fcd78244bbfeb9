package dev.weft.instrumentation.tomcat;

import java.lang.reflect.Field;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import org.apache.tomcat.util.net.SecureNio2Channel;
import org.jspecify.annotations.Nullable;

/**
 * Where {@link SecureNio2Channel} keeps how far its handshake is. Private in all versions, unlike
 * that of the NIO channel, and set by nothing that an heir could call or override
 * (docs/adr/0053-tomcat-nio2-channel.md). Stateless.
 */
final class HandshakeStatusField {
  private static final @Nullable Field FIELD = find();

  private HandshakeStatusField() {}

  /** Whether it can be set; not, where Tomcat is a named module that opens nothing. */
  static boolean isOpen() {
    return FIELD != null;
  }

  static void set(SecureNio2Channel channel, HandshakeStatus status) {
    if (FIELD == null) {
      throw new IllegalStateException("Tomcat's handshake cannot be begun");
    }
    try {
      FIELD.set(channel, status);
    } catch (IllegalAccessException e) {
      throw new IllegalStateException("Tomcat's handshake cannot be begun", e);
    }
  }

  private static @Nullable Field find() {
    try {
      Field field = SecureNio2Channel.class.getDeclaredField("handshakeStatus");
      field.setAccessible(true);
      return field;
    } catch (ReflectiveOperationException | RuntimeException e) {
      return null;
    }
  }
}
