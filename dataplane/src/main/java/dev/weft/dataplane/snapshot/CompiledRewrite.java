package dev.weft.dataplane.snapshot;

import dev.weft.policy.snapshot.Rewrite;
import org.jspecify.annotations.Nullable;

/** Another path and host for the destination than the caller wrote. Immutable. */
public final class CompiledRewrite {
  private final @Nullable PathRewriter path;
  private final @Nullable String authority;

  private CompiledRewrite(@Nullable PathRewriter path, @Nullable String authority) {
    this.path = path;
    this.authority = authority;
  }

  static @Nullable CompiledRewrite of(@Nullable Rewrite rewrite) {
    if (rewrite == null) {
      return null;
    }
    return new CompiledRewrite(
        rewrite.path == null ? null : PathRewriter.of(rewrite.path), rewrite.authority);
  }

  /** The path and query to send in the place of these; the same object when nothing changes. */
  public String path(String pathAndQuery) {
    return path == null ? pathAndQuery : path.rewrite(pathAndQuery);
  }

  /** Whether a text that {@link #path} gave can be sent. */
  public static boolean sendable(String pathAndQuery) {
    return PathRewriter.isPath(pathAndQuery);
  }

  /** What the Host header says, or null to leave it. */
  public @Nullable String authority() {
    return authority;
  }
}
