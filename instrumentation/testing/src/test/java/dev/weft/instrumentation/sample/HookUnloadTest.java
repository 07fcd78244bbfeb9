package dev.weft.instrumentation.sample;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;

import dev.weft.dataplane.DataPlane;
import dev.weft.instrumentation.testing.WeavingHarness;
import java.lang.ref.WeakReference;
import java.net.URL;
import java.net.URLClassLoader;
import org.junit.jupiter.api.Test;

final class HookUnloadTest {
  @Test
  void libraryLoadersHaveHooksOfTheirOwnAndAreCollectedWithThem() throws Exception {
    DataPlane dataPlane = DataPlane.builder().build();
    try (WeavingHarness harness = WeavingHarness.install(dataPlane, new GreeterModule())) {
      WeakReference<Class<?>> first = useLibrary();
      WeakReference<Class<?>> second = useLibrary();
      assertThat(harness.report())
          .singleElement()
          .satisfies(e -> assertThat(e.state()).isEqualTo("applied"));
      await()
          .untilAsserted(
              () -> {
                System.gc();
                assertThat(first.get()).isNull();
                assertThat(second.get()).isNull();
              });
    }
  }

  private static WeakReference<Class<?>> useLibrary() throws Exception {
    URL classes = Greeter.class.getProtectionDomain().getCodeSource().getLocation();
    try (URLClassLoader loader = new URLClassLoader(new URL[] {classes}, null)) {
      Class<?> type = loader.loadClass(Greeter.class.getName());
      Object greeter = type.getConstructor(String.class).newInstance("Hello");
      assertThat(type.getMethod("greet", String.class).invoke(greeter, "Bob"))
          .isEqualTo("Hi Bob, from HookLoader");
      return new WeakReference<>(type);
    }
  }
}
