package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.jspecify.annotations.Nullable;

/**
 * {@code DefaultRequestDirector.tryConnect}: for a host of the mesh nothing is connected yet, and
 * the director's connection becomes a {@link Lease}. It is private, so no subclass of the
 * application goes past it.
 */
@SuppressWarnings("deprecation") // the deprecated clients are what this is for
final class DirectorLeaseAdvice {
  private DirectorLeaseAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.FieldValue("connManager") Object manager,
      @Advice.FieldValue(value = "managedConn", readOnly = false)
          org.apache.http.conn.ManagedClientConnection connection,
      @Advice.Argument(0) Object routed,
      @Advice.Argument(1) Object context,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.DirectorLeaseHook")
            .enter(manager, connection, routed, context);
    if (outcome instanceof org.apache.http.conn.ManagedClientConnection) {
      connection = (org.apache.http.conn.ManagedClientConnection) outcome;
      outcome = Outcome.returned(null);
    }
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      thrown = Outcome.failure(outcome);
    }
  }
}
