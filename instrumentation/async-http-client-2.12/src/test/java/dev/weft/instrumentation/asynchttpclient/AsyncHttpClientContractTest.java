package dev.weft.instrumentation.asynchttpclient;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.util.List;
import java.util.stream.Stream;

/** The contract, at the version on the class path. */
class AsyncHttpClientContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new AsyncHttpClientUnderTest(setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new AsyncHttpClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("SendHook", "ResolveHook", "ConnectHook", "WriteHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("AbortHook", "InterceptHook", "KeyHook", "RetryHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> AsyncHttpClientModule.class.getPackageName() + "." + n)
        .toList();
  }
}
