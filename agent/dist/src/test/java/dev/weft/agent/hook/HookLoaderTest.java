package dev.weft.agent.hook;

import dev.weft.agent.entry.LoadedByTwo;
import dev.weft.instrumentation.httpurlconnection.HttpUrlConnectionModule;
import org.junit.jupiter.api.Test;

final class HookLoaderTest {
  @Test
  void nobodyWaitsForAThreadThatLoadsAHook() throws Exception {
    ClassLoader agent = getClass().getClassLoader();
    LoadedByTwo.check(HookLoader.of(agent, agent), HttpUrlConnectionModule.class.getName());
  }
}
