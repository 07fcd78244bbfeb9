package dev.weft.benchmarks.chain;

import java.io.FileInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.GeneralSecurityException;
import java.security.KeyStore;
import java.security.cert.Certificate;
import java.util.Base64;
import java.util.List;

/** One self-signed identity for the modes that do their TLS without Weft. */
final class Keys {
  static final String PASSWORD = "benchmark";

  private Keys() {}

  /** Makes a PKCS#12 store with an EC key, trusted by itself, and the same as PEM beside it. */
  static Path make(Path directory) throws IOException, InterruptedException {
    Path store = directory.resolve("keys.p12");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-genkeypair",
            "-keyalg",
            "EC",
            "-groupname",
            "secp256r1",
            "-alias",
            "chain",
            "-dname",
            "CN=localhost",
            "-ext",
            "san=dns:localhost,ip:127.0.0.1",
            "-ext",
            "bc=ca:true",
            "-validity",
            "2",
            "-keystore",
            store.toString(),
            "-storetype",
            "PKCS12",
            "-storepass",
            PASSWORD));
    Path certificate = directory.resolve("cert.pem");
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-exportcert",
            "-rfc",
            "-alias",
            "chain",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD,
            "-file",
            certificate.toString()));
    run(
        List.of(
            Path.of(System.getProperty("java.home"), "bin", "keytool").toString(),
            "-importcert",
            "-noprompt",
            "-alias",
            "trusted",
            "-keystore",
            store.toString(),
            "-storepass",
            PASSWORD,
            "-file",
            certificate.toString()));
    try (InputStream in = new FileInputStream(store.toFile())) {
      KeyStore keys = KeyStore.getInstance("PKCS12");
      keys.load(in, PASSWORD.toCharArray());
      StringBuilder pem = new StringBuilder();
      block(pem, "PRIVATE KEY", keys.getKey("chain", PASSWORD.toCharArray()).getEncoded());
      Certificate leaf = keys.getCertificate("chain");
      block(pem, "CERTIFICATE", leaf.getEncoded());
      Files.writeString(directory.resolve("both.pem"), pem);
    } catch (GeneralSecurityException e) {
      throw new IOException(e);
    }
    return store;
  }

  private static void block(StringBuilder pem, String type, byte[] der) {
    pem.append("-----BEGIN ").append(type).append("-----\n");
    pem.append(Base64.getMimeEncoder(64, new byte[] {'\n'}).encodeToString(der));
    pem.append("\n-----END ").append(type).append("-----\n");
  }

  private static void run(List<String> command) throws IOException, InterruptedException {
    int code =
        new ProcessBuilder(command)
            .redirectErrorStream(true)
            .redirectOutput(ProcessBuilder.Redirect.DISCARD)
            .start()
            .waitFor();
    if (code != 0) {
      throw new IOException(String.join(" ", command) + " ended with " + code);
    }
  }
}
