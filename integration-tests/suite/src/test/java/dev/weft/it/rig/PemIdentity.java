package dev.weft.it.rig;

import com.fasterxml.jackson.databind.JsonNode;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.Key;
import java.security.KeyStore;
import java.time.Duration;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Map;
import java.util.stream.Collectors;

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
