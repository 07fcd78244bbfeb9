package dev.weft.meshctl;

import dev.weft.policy.AccessToken;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** Where the control server is and who is asking: options shared by the commands. */
final class Connection {
  private static final String DEFAULT_SERVER = "https://localhost:15443";

  @Option(
      names = "--server",
      paramLabel = "URL",
      description =
          "Control server, such as https://host:15443. Default: MESH_SERVER, then "
              + DEFAULT_SERVER)
  @Nullable String server;

  @Option(
      names = "--token-file",
      paramLabel = "FILE",
      description = "File with the admin token. Default: MESH_ADMIN_TOKEN_FILE")
  @Nullable String tokenFile;

  /** These options, and where one is not given, the other's. */
  Connection or(Connection other) {
    Connection both = new Connection();
    both.server = server != null ? server : other.server;
    both.tokenFile = tokenFile != null ? tokenFile : other.tokenFile;
    return both;
  }

  ControlServer open(Terminal terminal) {
    return new ControlServer(server(terminal.environment()), token(terminal.environment()));
  }

  /** Returns whether a token was named at all, by option or environment. */
  boolean configured(Terminal terminal) {
    return tokenFile != null || terminal.environment().get("MESH_ADMIN_TOKEN_FILE") != null;
  }

  private URI server(Map<String, String> environment) {
    String text = server != null ? server : environment.getOrDefault("MESH_SERVER", DEFAULT_SERVER);
    try {
      URI uri = URI.create(text.endsWith("/") ? text : text + "/");
      if ("https".equals(uri.getScheme()) && uri.getHost() != null) {
        return uri;
      }
    } catch (IllegalArgumentException e) {
      // Said below, with the value.
    }
    throw CommandFailure.of(
        "error: --server (or MESH_SERVER) must be a URL such as https://host:15443, not " + text);
  }

  private AccessToken token(Map<String, String> environment) {
    String file = tokenFile != null ? tokenFile : environment.get("MESH_ADMIN_TOKEN_FILE");
    if (file == null || file.isEmpty()) {
      throw CommandFailure.of(
          "error: no admin token: give --token-file FILE or set MESH_ADMIN_TOKEN_FILE"
              + " (the control server names the file at its first start)");
    }
    try {
      AccessToken token = AccessToken.parse(Files.readString(Path.of(file)));
      if (token.kind() != AccessToken.Kind.ADMIN) {
        throw CommandFailure.of(
            "error: " + file + " holds a join token; meshctl needs the admin token");
      }
      return token;
    } catch (IOException e) {
      throw CommandFailure.of(
          "error: cannot read the token file " + file + ": " + e.getClass().getSimpleName());
    } catch (IllegalArgumentException e) {
      throw CommandFailure.of("error: " + file + ": " + e.getMessage());
    }
  }
}
