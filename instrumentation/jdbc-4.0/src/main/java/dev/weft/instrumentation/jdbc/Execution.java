package dev.weft.instrumentation.jdbc;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Hook;
import dev.weft.dataplane.database.RunningStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.jspecify.annotations.Nullable;

/**
 * One execution of a statement, from its admission to its outcome. Its time is limited by the
 * driver's own means, unless the application asks for less; a driver that cannot is let go on.
 */
final class Execution extends Hook {
  private final HookContext context;
  private final Statement statement;
  private final RunningStatement running;
  private final int restore;

  /** Begins, on a thread that is marked as inside the driver. */
  Execution(HookContext context, Statement statement, RunningStatement running) {
    this.context = context;
    this.statement = statement;
    this.running = running;
    this.restore = limit(running.timeoutMillis());
  }

  /** The timeout in seconds that was there before, -1 when it was left alone. */
  private int limit(long millis) {
    if (millis <= 0) {
      return -1;
    }
    try {
      int seconds = (int) Math.min((millis + 999) / 1000, Integer.MAX_VALUE);
      int own = statement.getQueryTimeout();
      if (own > 0 && own <= seconds) {
        return -1;
      }
      statement.setQueryTimeout(seconds);
      return own;
    } catch (Throwable e) {
      // Whatever an old driver throws here, it must not end with this thread marked for ever.
      context.failed("the time of a statement cannot be limited", e);
      return -1;
    }
  }

  @Override
  public @Nullable Object exit(
      @Nullable Object none,
      @Nullable Object self,
      @Nullable Object result,
      @Nullable Throwable thrown) {
    try {
      running.end(thrown);
      restore();
    } catch (Throwable e) {
      // The statement has run: what we learn of it is not the application's trouble.
      context.failed("the outcome of a statement is lost", e);
    } finally {
      CallDepth.leave(Sessions.INSIDE);
    }
    return result;
  }

  private void restore() {
    if (restore < 0) {
      return;
    }
    try {
      statement.setQueryTimeout(restore);
    } catch (SQLException | RuntimeException closed) {
      // Of a statement that is closed or broken there is nothing to restore.
      return;
    }
  }
}
