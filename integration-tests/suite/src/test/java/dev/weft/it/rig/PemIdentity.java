package dev.weft.it.rig;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.BufferedReader;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyFactory;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.security.cert.CertificateFactory;
import java.security.spec.PKCS8EncodedKeySpec;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;
import javax.net.ssl.KeyManagerFactory;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLParameters;
import javax.net.ssl.SSLSocket;

/**
 * An identity for a server that is no JVM, as its operator takes it from the control server: with a
 * tool that makes keys, a join token and one request.
 *
 * @param roots of the trust domain
 * @param chain the SVID and what leads to a root
 * @param key of the SVID
 */
public record PemIdentity(String roots, String chain, String key) {
  private static final String ALIAS = "svid";
  private static final String PASSWORD = "changeit";

  /** A new one for a service of this name. */
  public static PemIdentity join(ControlServer control, String service) {
    Path folder = Rig.newDirectory("identity-of-" + service);
    Path store = folder.resolve("svid.p12");
    Path request = folder.resolve("svid.csr");
    keytool(folder, store, "-genkeypair", "-keyalg", "EC", "-groupname", "secp256r1");
    keytool(folder, store, "-certreq", "-file", request.toString());
    try (InputStream in = Files.newInputStream(store)) {
      String csr =
          Files.readAllLines(request).stream()
              .filter(line -> !line.startsWith("-----"))
              .collect(Collectors.joining());
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      Key key = keys.getKey(ALIAS, PASSWORD.toCharArray());
      JsonNode answer = control.join(service, csr);
      return new PemIdentity(
          text(answer.get("trustBundle")), text(answer.get("certificateChain")), pem(key));
    } catch (IOException | GeneralSecurityException e) {
      throw new IllegalStateException("no identity for " + service, e);
    }
  }

  /**
   * What somebody with this identity gets for a request to a port: the first line of the answer, or
   * {@code refused} and why.
   */
  public String get(int port, String path) {
    try (SSLSocket socket =
        (SSLSocket) context().getSocketFactory().createSocket("127.0.0.1", port)) {
      socket.setSoTimeout(10_000);
      SSLParameters mesh = socket.getSSLParameters();
      mesh.setApplicationProtocols(new String[] {"weft-http/1.1"});
      socket.setSSLParameters(mesh);
      String request = "GET " + path + " HTTP/1.1\r\nHost: orders\r\nConnection: close\r\n\r\n";
      socket.getOutputStream().write(request.getBytes(StandardCharsets.US_ASCII));
      BufferedReader answer =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.US_ASCII));
      String status = answer.readLine();
      return status == null ? "refused: the connection ended" : status.strip();
    } catch (IOException refused) {
      return "refused: " + refused;
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("no TLS with " + this, e);
    }
  }

  private SSLContext context() throws GeneralSecurityException, IOException {
    CertificateFactory certificates = CertificateFactory.getInstance("X.509");
    KeyStore own = KeyStore.getInstance("PKCS12");
    own.load(null, null);
    byte[] der = Base64.getMimeDecoder().decode(key.replaceAll("-----[A-Z ]+-----", ""));
    own.setKeyEntry(
        ALIAS,
        KeyFactory.getInstance("EC").generatePrivate(new PKCS8EncodedKeySpec(der)),
        PASSWORD.toCharArray(),
        certificates.generateCertificates(stream(chain)).toArray(new Certificate[0]));
    KeyManagerFactory keys = KeyManagerFactory.getInstance("PKIX");
    keys.init(own, PASSWORD.toCharArray());
    return ControlServer.anyServer(keys.getKeyManagers());
  }

  private static InputStream stream(String pem) {
    return new ByteArrayInputStream(pem.getBytes(StandardCharsets.US_ASCII));
  }

  private static void keytool(Path folder, Path store, String... what) {
    List<String> command = new ArrayList<>(List.of(Jdk.current().tool("keytool")));
    command.addAll(Arrays.asList(what));
    command.addAll(List.of("-alias", ALIAS, "-dname", "CN=" + ALIAS));
    command.addAll(List.of("-keystore", store.toString(), "-storetype", "PKCS12"));
    command.addAll(List.of("-storepass", PASSWORD));
    Forked keytool = Forked.start("keytool", folder, command, Map.of());
    if (keytool.exitCode(Duration.ofSeconds(60)) != 0) {
      throw new IllegalStateException("keytool failed: " + keytool.output());
    }
  }

  private static String text(JsonNode certificates) {
    StringBuilder all = new StringBuilder();
    certificates.forEach(one -> all.append(one.asText().strip()).append('\n'));
    return all.toString();
  }

  private static String pem(Key key) {
    String body = Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(key.getEncoded());
    return "-----BEGIN PRIVATE KEY-----\n" + body + "\n-----END PRIVATE KEY-----\n";
  }
}
