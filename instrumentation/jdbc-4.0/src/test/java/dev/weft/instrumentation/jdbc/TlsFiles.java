package dev.weft.instrumentation.jdbc;

import dev.weft.dataplane.identity.Svid;
import dev.weft.instrumentation.testing.TestAuthority;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.security.cert.X509Certificate;
import java.util.Base64;
import java.util.List;

/** Certificates and the key of a server, as servers read them. */
record TlsFiles(Path root, Path chain, Path key) {
  /** Of a service account, in a folder that goes with this JVM. */
  static TlsFiles of(TestAuthority authority, String serviceAccount) throws Exception {
    Path folder = ServerProcess.folder("weft-tls");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFiles.remove(folder)));
    Svid svid = authority.issue(serviceAccount);
    StringBuilder chain = new StringBuilder();
    for (X509Certificate certificate : svid.chain()) {
      chain.append(pem("CERTIFICATE", certificate.getEncoded()));
    }
    return new TlsFiles(
        write(folder, "root", pem("CERTIFICATE", authority.root().getEncoded())),
        write(folder, "chain", chain.toString()),
        write(folder, "key", pem("PRIVATE KEY", svid.key().getEncoded())));
  }

  private static String pem(String kind, byte[] encoded) {
    String text =
        Base64.getMimeEncoder(64, "\n".getBytes(StandardCharsets.US_ASCII)).encodeToString(encoded);
    return "-----BEGIN " + kind + "-----\n" + text + "\n-----END " + kind + "-----\n";
  }

  private static Path write(Path folder, String name, String text) throws Exception {
    Path file = folder.resolve(name + ".pem");
    Files.write(file, List.of(text));
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    ServerProcess.own(file);
    return file;
  }
}
