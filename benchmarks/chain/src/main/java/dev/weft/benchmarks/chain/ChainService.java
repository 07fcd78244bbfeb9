package dev.weft.benchmarks.chain;

import java.io.File;
import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.util.logging.Level;
import java.util.logging.Logger;
import javax.net.ssl.SSLContext;
import javax.servlet.http.HttpServlet;
import javax.servlet.http.HttpServletRequest;
import javax.servlet.http.HttpServletResponse;
import org.apache.catalina.Context;
import org.apache.catalina.connector.Connector;
import org.apache.catalina.startup.Tomcat;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpGet;
import org.apache.http.config.RegistryBuilder;
import org.apache.http.conn.socket.ConnectionSocketFactory;
import org.apache.http.conn.socket.PlainConnectionSocketFactory;
import org.apache.http.conn.ssl.NoopHostnameVerifier;
import org.apache.http.conn.ssl.SSLConnectionSocketFactory;
import org.apache.http.impl.client.CloseableHttpClient;
import org.apache.http.impl.client.HttpClientBuilder;
import org.apache.http.impl.conn.PoolingHttpClientConnectionManager;
import org.apache.http.ssl.SSLContexts;
import org.apache.http.util.EntityUtils;
import org.apache.tomcat.util.net.SSLHostConfig;
import org.apache.tomcat.util.net.SSLHostConfigCertificate;
import org.jspecify.annotations.Nullable;

/**
 * One link of the chain: {@code A} asks the URL it is given for each request and passes the answer
 * on, {@code B} answers 1 KB of JSON. With a key store, the link between them is mutual TLS as an
 * application would write it by hand.
 */
public final class ChainService {
  private ChainService() {}

  /**
   * Runs until the process is ended.
   *
   * @param args {@code A URL} or {@code B}; then optionally the key store for TLS by hand
   */
  public static void main(String[] args) throws Exception {
    Logger.getLogger("org.apache").setLevel(Level.WARNING);
    boolean front = args[0].equals("A");
    File keys = args.length > (front ? 2 : 1) ? new File(args[front ? 2 : 1]) : null;
    File home = Files.createTempDirectory("chain").toFile();
    Tomcat tomcat = new Tomcat();
    tomcat.setBaseDir(home.getPath());
    tomcat.setPort(0);
    Context context = tomcat.addContext("", home.getPath());
    HttpServlet servlet = front ? new Front(args[1], client(keys)) : new Back();
    Tomcat.addServlet(context, "link", servlet).addMapping("/");
    if (!front && keys != null) {
      secure(tomcat.getConnector(), keys);
    }
    tomcat.getConnector();
    tomcat.start();
    System.out.println("listening on " + tomcat.getConnector().getLocalPort());
    tomcat.getServer().await();
  }

  private static void secure(Connector connector, File keys) {
    connector.setProperty("SSLEnabled", "true");
    connector.setScheme("https");
    connector.setSecure(true);
    // As an operator who cares would: keep TLS connections alive.
    connector.setProperty("maxKeepAliveRequests", "-1");
    SSLHostConfig host = new SSLHostConfig();
    host.setCertificateVerification("required");
    host.setTruststoreFile(keys.getPath());
    host.setTruststorePassword(Keys.PASSWORD);
    host.setTruststoreType("PKCS12");
    SSLHostConfigCertificate certificate =
        new SSLHostConfigCertificate(host, SSLHostConfigCertificate.Type.EC);
    certificate.setCertificateKeystoreFile(keys.getPath());
    certificate.setCertificateKeystorePassword(Keys.PASSWORD);
    certificate.setCertificateKeystoreType("PKCS12");
    host.addCertificate(certificate);
    connector.addSslHostConfig(host);
  }

  private static CloseableHttpClient client(@Nullable File keys)
      throws IOException, GeneralSecurityException {
    RegistryBuilder<ConnectionSocketFactory> sockets =
        RegistryBuilder.<ConnectionSocketFactory>create()
            .register("http", PlainConnectionSocketFactory.getSocketFactory());
    HttpClientBuilder builder = HttpClientBuilder.create();
    if (keys != null) {
      KeyStore store = KeyStore.getInstance("PKCS12");
      try (InputStream in = new FileInputStream(keys)) {
        store.load(in, Keys.PASSWORD.toCharArray());
      }
      SSLContext context =
          SSLContexts.custom()
              .loadKeyMaterial(store, Keys.PASSWORD.toCharArray())
              .loadTrustMaterial(store, null)
              .build();
      sockets.register(
          "https", new SSLConnectionSocketFactory(context, NoopHostnameVerifier.INSTANCE));
      // Without this each connection belongs to its certificate's user and is not shared.
      builder.disableConnectionState();
    }
    PoolingHttpClientConnectionManager pool =
        new PoolingHttpClientConnectionManager(sockets.build());
    pool.setDefaultMaxPerRoute(256);
    pool.setMaxTotal(256);
    return builder.setConnectionManager(pool).build();
  }

  private static final class Front extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private final String next;
    private final transient CloseableHttpClient client;

    Front(String next, CloseableHttpClient client) {
      this.next = next;
      this.client = client;
    }

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      try (CloseableHttpResponse answer = client.execute(new HttpGet(next))) {
        byte[] body = EntityUtils.toByteArray(answer.getEntity());
        response.setStatus(answer.getStatusLine().getStatusCode());
        response.setContentType("application/json");
        response.setContentLength(body.length);
        response.getOutputStream().write(body);
      }
    }
  }

  private static final class Back extends HttpServlet {
    private static final long serialVersionUID = 1L;
    private static final byte[] BODY =
        ("{\"text\":\"" + "x".repeat(1011) + "\"}").getBytes(StandardCharsets.US_ASCII);

    @Override
    protected void doGet(HttpServletRequest request, HttpServletResponse response)
        throws IOException {
      response.setContentType("application/json");
      response.setContentLength(BODY.length);
      response.getOutputStream().write(BODY);
    }
  }
}
