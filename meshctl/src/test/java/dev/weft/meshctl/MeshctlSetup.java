package dev.weft.meshctl;

import dev.weft.policy.AccessToken;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.time.Clock;
import java.time.Instant;
import java.time.ZoneOffset;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.io.TempDir;

/** Runs meshctl in this process against a {@link FakeControlServer} over TLS. */
abstract class MeshctlSetup {
  @TempDir Path folder;

  final Map<String, String> environment = new HashMap<>();
  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();
  TestAuthority authority;
  AccessToken token;
  FakeControlServer server;

  @BeforeEach
  void start() throws Exception {
    authority = new TestAuthority();
    server = new FakeControlServer(authority.server());
    token = token(authority);
    Path file = folder.resolve("admin.token");
    Files.writeString(file, token.text() + "\n");
    environment.put("MESH_SERVER", server.url());
    environment.put("MESH_ADMIN_TOKEN_FILE", file.toString());
  }

  @AfterEach
  void stop() {
    server.close();
  }

  static AccessToken token(TestAuthority authority) {
    return AccessToken.generate(
        AccessToken.Kind.ADMIN, AccessToken.fingerprint(authority.root()), new SecureRandom());
  }

  int run(String... arguments) {
    return runWithInput("", arguments);
  }

  int runWithInput(String input, String... arguments) {
    out.reset();
    err.reset();
    Terminal terminal =
        new Terminal(
            new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)),
            new PrintStream(out, true, StandardCharsets.UTF_8),
            new PrintStream(err, true, StandardCharsets.UTF_8),
            environment,
            Clock.fixed(Instant.parse("2026-11-21T12:00:00Z"), ZoneOffset.UTC));
    return Meshctl.run(terminal, arguments);
  }

  String out() {
    return out.toString(StandardCharsets.UTF_8);
  }

  String err() {
    return err.toString(StandardCharsets.UTF_8);
  }
}
