package dev.weft.agent.entry;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;

/**
 * URLs of the agent's resources, for {@link java.util.ServiceLoader}. No URL of the JDK reads what
 * lies in {@link AgentBundle}.
 */
final class AgentResource extends URLStreamHandler {
  private final byte[] file;

  private AgentResource(byte[] file) {
    this.file = file;
  }

  @SuppressWarnings("deprecation") // The successor of this constructor is of Java 20.
  static URL url(String name, byte[] file) {
    try {
      return new URL("mesh-agent", null, -1, "/" + name, new AgentResource(file));
    } catch (MalformedURLException e) {
      throw new IllegalStateException(e);
    }
  }

  @Override
  protected URLConnection openConnection(URL url) {
    return new URLConnection(url) {
      @Override
      public void connect() {}

      @Override
      public InputStream getInputStream() {
        return new ByteArrayInputStream(file);
      }

      @Override
      public long getContentLengthLong() {
        return file.length;
      }
    };
  }
}
