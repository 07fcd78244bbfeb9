package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.util.List;
import java.util.stream.Stream;

/** The contract on {@code execute}, at the version on the class path. */
class OkHttpContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new OkHttpUnderTest(setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new OkHttpModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("ProceedHook", "AddressHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("FollowUpHook", "RecoverHook", "HoldHook", "QueuedHook", "RunHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names).map(n -> OkHttpModule.class.getPackageName() + "." + n).toList();
  }
}
