package dev.weft.instrumentation.reactornettyclient;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.util.List;
import java.util.stream.Stream;

/** The contract, at the version on the class path. */
class ReactorNettyContractTest extends OutboundContract {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new ReactorNettyUnderTest(setup);
  }

  @Override
  protected InstrumentationModule module() {
    return new ReactorNettyClientModule();
  }

  @Override
  protected List<String> enforcingHooks() {
    return hooks("AcquireHook", "ChannelHook");
  }

  @Override
  protected List<String> otherHooks() {
    return hooks("RequestHook");
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names)
        .map(n -> ReactorNettyClientModule.class.getPackageName() + "." + n)
        .toList();
  }
}
