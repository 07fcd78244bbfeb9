package dev.weft.instrumentation.apachehttpclient;

import dev.weft.bootstrap.Hooks;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;
import net.bytebuddy.asm.Advice;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.client.methods.HttpExecutionAware;
import org.apache.http.client.methods.HttpRequestWrapper;
import org.apache.http.client.protocol.HttpClientContext;
import org.apache.http.conn.routing.HttpRoute;
import org.jspecify.annotations.Nullable;

/**
 * {@code execute} of {@code RetryExec}, or of {@code ProtocolExec} or {@code MinimalClientExec}
 * where none stands above: one hop.
 */
final class ExecuteAdvice {
  private ExecuteAdvice() {}

  @Advice.OnMethodEnter(skipOn = Advice.OnDefaultValue.class, suppress = Throwable.class)
  static @Nullable Object enter(
      @Advice.Origin Class<?> owner,
      @Advice.This Object self,
      @Advice.Argument(0) HttpRoute route,
      @Advice.Argument(1) HttpRequestWrapper request,
      @Advice.Argument(2) HttpClientContext context,
      @Advice.Argument(3) HttpExecutionAware aware,
      @Advice.Local("outcome") Object outcome)
      throws Throwable {
    outcome =
        Hooks.find(owner, "dev.weft.instrumentation.apachehttpclient.ExecuteHook")
            .enter(self, route, request, new Object[] {context, aware});
    return Permit.orNull(outcome);
  }

  @Advice.OnMethodExit(onThrowable = Throwable.class)
  static void exit(
      @Advice.Enter @Nullable Object permit,
      @Advice.Local("outcome") Object outcome,
      @Advice.Return(readOnly = false) @Nullable CloseableHttpResponse result,
      @Advice.Thrown(readOnly = false) @Nullable Throwable thrown) {
    if (permit == null) {
      result = (CloseableHttpResponse) Outcome.value(outcome);
      thrown = Outcome.failure(outcome);
    }
  }
}
