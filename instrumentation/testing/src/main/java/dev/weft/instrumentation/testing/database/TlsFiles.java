package dev.weft.instrumentation.testing.database;

import dev.weft.dataplane.identity.Pem;
import dev.weft.dataplane.identity.Svid;
import dev.weft.instrumentation.testing.TestAuthority;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/**
 * Certificates and the key of a server, as servers read them.
 *
 * @param root whom the server trusts
 * @param chain what it shows
 * @param key of the first certificate of the chain
 */
public record TlsFiles(Path root, Path chain, Path key) {
  /** Of a service account. */
  public static TlsFiles of(TestAuthority authority, String serviceAccount) throws Exception {
    Svid svid = authority.issue(serviceAccount);
    return write(
        Pem.write(List.of(authority.root())),
        Pem.write(svid.chain()),
        Pem.write("PRIVATE KEY", svid.key().getEncoded()));
  }

  /** All in PEM, in a folder that goes with this JVM. */
  public static TlsFiles write(String root, String chain, String key) throws IOException {
    Path folder = ServerProcess.folder("weft-tls");
    Runtime.getRuntime().addShutdownHook(new Thread(() -> ServerFiles.remove(folder)));
    return new TlsFiles(
        write(folder, "root", root), write(folder, "chain", chain), write(folder, "key", key));
  }

  private static Path write(Path folder, String name, String text) throws IOException {
    Path file = folder.resolve(name + ".pem");
    Files.writeString(file, text);
    Files.setPosixFilePermissions(file, PosixFilePermissions.fromString("rw-------"));
    ServerProcess.own(file);
    return file;
  }
}
