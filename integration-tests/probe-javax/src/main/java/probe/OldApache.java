package probe;

import java.io.File;
import java.io.IOException;
import java.net.URI;
import java.net.URL;
import java.net.URLClassLoader;
import java.util.ArrayList;
import java.util.List;
import java.util.function.BiFunction;
import org.apache.http.HttpResponse;
import org.apache.http.client.HttpClient;
import org.apache.http.client.methods.HttpEntityEnclosingRequestBase;
import org.apache.http.conn.scheme.PlainSocketFactory;
import org.apache.http.conn.scheme.Scheme;
import org.apache.http.conn.scheme.SchemeRegistry;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.client.DefaultHttpClient;
import org.apache.http.impl.conn.tsccm.ThreadSafeClientConnManager;
import org.apache.http.params.BasicHttpParams;
import org.apache.http.params.HttpParams;
import org.apache.http.util.EntityUtils;

/**
 * A call as one was written for Apache HttpClient 4.0, whose jars are in a folder of their own:
 * this class is loaded a second time, beside them.
 */
@SuppressWarnings("deprecation") // what is called
public final class OldApache implements BiFunction<String[], byte[], Object[]> {
  private final HttpClient client;

  /** For {@link #beside}. */
  public OldApache() {
    SchemeRegistry schemes = new SchemeRegistry();
    schemes.register(new Scheme("http", PlainSocketFactory.getSocketFactory(), 80));
    HttpParams params = new BasicHttpParams();
    client = new DefaultHttpClient(new ThreadSafeClientConnManager(params, schemes), params);
  }

  /** The same with the libraries of a folder, which sees nothing of the application's. */
  @SuppressWarnings("unchecked")
  static BiFunction<String[], byte[], Object[]> beside(String folder) {
    try {
      List<URL> urls = new ArrayList<>();
      urls.add(OldApache.class.getProtectionDomain().getCodeSource().getLocation());
      File[] jars = new File(folder).listFiles();
      for (File jar : jars == null ? new File[0] : jars) {
        urls.add(jar.toURI().toURL());
      }
      ClassLoader loader =
          new URLClassLoader(urls.toArray(new URL[0]), ClassLoader.getPlatformClassLoader());
      return (BiFunction<String[], byte[], Object[]>)
          loader.loadClass(OldApache.class.getName()).getConstructor().newInstance();
    } catch (IOException | ReflectiveOperationException e) {
      throw new IllegalStateException("no old client in " + folder, e);
    }
  }

  @Override
  public Object[] apply(String[] methodAndUrl, byte[] body) {
    HttpEntityEnclosingRequestBase request =
        new HttpEntityEnclosingRequestBase() {
          @Override
          public String getMethod() {
            return methodAndUrl[0];
          }
        };
    request.setURI(URI.create(methodAndUrl[1]));
    if (body.length > 0) {
      request.setEntity(new ByteArrayEntity(body));
    }
    try {
      HttpResponse response = client.execute(request);
      String text = response.getEntity() == null ? "" : EntityUtils.toString(response.getEntity());
      return new Object[] {
        response.getStatusLine().getStatusCode(),
        response.getFirstHeader("x-instance") == null
            ? null
            : response.getFirstHeader("x-instance").getValue(),
        text
      };
    } catch (IOException e) {
      throw new java.io.UncheckedIOException(e);
    }
  }
}
