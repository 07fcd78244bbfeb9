package dev.weft.agent.control;

import dev.weft.policy.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.jspecify.annotations.Nullable;

/**
 * Where the join token is. The file is read anew each time, since it may be put there after the
 * application started.
 */
final class TokenSource {

  private static final int MAX_FILE_BYTES = 4_096;

  private final @Nullable String text;
  private final @Nullable Path file;
  private final LineLog log;

  TokenSource(@Nullable String text, @Nullable Path file, LineLog log) {
    this.text = text;
    this.file = file;
    this.log = log;
  }

  /**
   * The token as it is now; null, with one line that says why, when there is none that can be used.
   */
  @Nullable AccessToken read() {
    String found = text;
    Path path = file;
    if (found == null && path != null) {
      found = readFile(path);
      if (found == null) {
        return null;
      }
    }
    if (found == null || found.trim().isEmpty()) {
      log.line(
          "token", "no join token: set mesh.join-token or mesh.join-token-file to join the mesh");
      return null;
    }
    try {
      AccessToken token = AccessToken.parse(found);
      if (token.kind() == AccessToken.Kind.JOIN) {
        return token;
      }
      log.line("token", "mesh.join-token: this is an admin token; an agent needs a join token");
    } catch (IllegalArgumentException e) {
      log.line("token", "mesh.join-token: " + e.getMessage());
    }
    return null;
  }

  private @Nullable String readFile(Path path) {
    try {
      if (!Files.exists(path)) {
        log.line("token", "mesh.join-token-file: " + path + " is not there yet; waiting for it");
        return null;
      }
      if (Files.size(path) > MAX_FILE_BYTES) {
        log.line("token", "mesh.join-token-file: " + path + " is too large to hold a token");
        return null;
      }
      String content = new String(Files.readAllBytes(path), StandardCharsets.US_ASCII).trim();
      if (content.isEmpty()) {
        log.line("token", "mesh.join-token-file: " + path + " is empty; waiting for a token");
        return null;
      }
      return content;
    } catch (IOException e) {
      log.line("token", "mesh.join-token-file: " + path + " cannot be read: " + LineLog.why(e));
      return null;
    }
  }
}
