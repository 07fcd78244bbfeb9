package dev.weft.instrumentation.socket;

import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.net.SocketException;
import java.net.SocketImpl;
import java.net.SocketOptions;

/**
 * Takes over what the application set before it connects, and closes the implementation that will
 * not be used. Buffer sizes are not taken over: reading them cannot tell a wish from the system's
 * default, and setting the default switches the system's own tuning off. Thread-safe.
 */
final class SocketOptionsCopy {
  private static final int[] OPTIONS = {
    SocketOptions.SO_TIMEOUT,
    SocketOptions.TCP_NODELAY,
    SocketOptions.SO_KEEPALIVE,
    SocketOptions.SO_LINGER,
    SocketOptions.IP_TOS
  };

  private final Method close;

  SocketOptionsCopy() throws ReflectiveOperationException {
    close = SocketImpl.class.getDeclaredMethod("close");
    close.setAccessible(true);
  }

  void copy(SocketImpl from, SocketImpl to) throws ReflectiveOperationException, IOException {
    for (int option : OPTIONS) {
      Object value;
      try {
        value = from.getOption(option);
      } catch (SocketException e) {
        // Not created yet, so nothing was set; or not known to this system.
        continue;
      }
      if (value != null) {
        to.setOption(option, value);
      }
    }
    try {
      close.invoke(from);
    } catch (InvocationTargetException e) {
      if (!(e.getCause() instanceof IOException)) {
        throw e;
      }
    }
  }
}
