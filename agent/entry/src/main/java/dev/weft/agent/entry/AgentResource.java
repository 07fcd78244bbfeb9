package dev.weft.agent.entry;

import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;

/**
 * URLs of the agent's resources, for {@link java.util.ServiceLoader}. They read from the jar that
 * is open already; a {@code jar:} URL would open it again, and leave it in the JVM's cache.
 */
final class AgentResource extends URLStreamHandler {
  private final ZipFile jar;
  private final ZipEntry entry;

  private AgentResource(ZipFile jar, ZipEntry entry) {
    this.jar = jar;
    this.entry = entry;
  }

  @SuppressWarnings("deprecation") // The successor of this constructor is of Java 20.
  static URL url(ZipFile jar, ZipEntry entry) {
    try {
      return new URL("mesh-agent", null, -1, "/" + entry.getName(), new AgentResource(jar, entry));
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
      public InputStream getInputStream() throws IOException {
        return jar.getInputStream(entry);
      }

      @Override
      public long getContentLengthLong() {
        return entry.getSize();
      }
    };
  }
}
