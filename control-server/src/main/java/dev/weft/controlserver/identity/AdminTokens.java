package dev.weft.controlserver.identity;

import dev.weft.controlserver.StartupException;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.PrivateFiles;
import dev.weft.controlserver.store.Table;
import dev.weft.policy.AccessToken;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.SecureRandom;
import java.util.Arrays;
import java.util.Base64;
import org.jspecify.annotations.Nullable;

/**
 * The operator's token. It lives in a file of mode 0600 in the data directory; the store keeps its
 * hash. Removing the file and starting again makes a new one, and the old one stops working.
 * Thread-safe.
 */
public final class AdminTokens {
  private final MeshStore store;

  private AdminTokens(MeshStore store) {
    this.store = store;
  }

  /**
   * Makes sure that {@code file} holds a token this store accepts.
   *
   * @throws StartupException when the file can be neither read nor written, or is open to others
   */
  public static AdminTokens open(
      MeshStore store, Path file, byte[] rootFingerprint, SecureRandom random) {
    AdminTokens tokens = new AdminTokens(store);
    try {
      if (Files.exists(file)) {
        if (PrivateFiles.openToOthers(file)) {
          throw new StartupException(
              "the admin token " + file + " may be read by others: chmod 600 " + file);
        }
        if (tokens.holder(Files.readString(file)) != null) {
          tokens.pin(file, rootFingerprint);
          return tokens;
        }
      }
      AccessToken token = AccessToken.generate(AccessToken.Kind.ADMIN, rootFingerprint, random);
      PrivateFiles.write(file, (token.text() + "\n").getBytes(StandardCharsets.US_ASCII));
      store.write(
          tx -> {
            tx.entries(Table.ADMIN_TOKENS)
                .keySet()
                .forEach(id -> tx.remove(Table.ADMIN_TOKENS, id));
            tx.put(
                Table.ADMIN_TOKENS,
                token.id(),
                Base64.getEncoder().encodeToString(token.secretHash()));
            return token.id();
          });
      return tokens;
    } catch (IOException e) {
      throw new StartupException(
          "the admin token " + file + " cannot be used: " + e.getMessage(), e);
    }
  }

  /**
   * Makes the token in {@code file} name another root; its holders elsewhere can go on with the old
   * text while the server still proves the old root.
   */
  public void pin(Path file, byte[] rootFingerprint) throws IOException {
    AccessToken token = AccessToken.parse(Files.readString(file));
    if (!Arrays.equals(token.rootFingerprint(), rootFingerprint)) {
      String text = token.withRoot(rootFingerprint).text() + "\n";
      PrivateFiles.write(file, text.getBytes(StandardCharsets.US_ASCII));
    }
  }

  /** The id of the admin token that {@code text} is, or null when it is none of ours. */
  public @Nullable String holder(String text) {
    AccessToken token;
    try {
      token = AccessToken.parse(text);
    } catch (IllegalArgumentException malformed) {
      return null;
    }
    String hash = store.get(Table.ADMIN_TOKENS, token.id());
    boolean known =
        token.kind() == AccessToken.Kind.ADMIN
            && hash != null
            && token.matches(Base64.getDecoder().decode(hash));
    return known ? token.id() : null;
  }
}
