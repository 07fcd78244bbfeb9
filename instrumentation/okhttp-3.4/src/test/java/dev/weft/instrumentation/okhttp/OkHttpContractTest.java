package dev.weft.instrumentation.okhttp;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import dev.weft.instrumentation.testing.OutboundContract;
import java.util.List;
import java.util.stream.Stream;

/** The contract on {@code execute}, at the version on the class path. */
class OkHttpContractTest extends OutboundContract {
  private static final boolean PREPARES_ONCE = preparesOnce();

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
    return PREPARES_ONCE
        ? hooks("ProceedHook", "AddressHook", "HoldHook")
        : hooks("ProceedHook", "AddressHook");
  }

  @Override
  protected List<String> otherHooks() {
    return PREPARES_ONCE
        ? hooks("FollowUpHook", "RecoverHook", "QueuedHook", "RunHook")
        : hooks("FollowUpHook", "RecoverHook", "HoldHook", "QueuedHook", "RunHook");
  }

  /** From 3.14 to 4.3 a call that is prepared for a host is not prepared for it again. */
  private static boolean preparesOnce() {
    try {
      return Class.forName("okhttp3.internal.connection.Transmitter") != null;
    } catch (ClassNotFoundException e) {
      return false;
    }
  }

  private static List<String> hooks(String... names) {
    return Stream.of(names).map(n -> OkHttpModule.class.getPackageName() + "." + n).toList();
  }
}
