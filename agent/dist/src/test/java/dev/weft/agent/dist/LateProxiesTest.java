package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Field;
import java.nio.file.Path;
import java.util.Collections;
import java.util.List;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import java.util.zip.ZipFile;
import net.bytebuddy.ByteBuddy;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class LateProxiesTest {
  private static final String DISPATCHER =
      "net.bytebuddy.description.type.TypeDescription$ForLoadedType$Dispatcher$Late";

  @Test
  void weavesAsBefore() throws Exception {
    List<String> before = sample(new Loader(files()));
    List<String> after = sample(new Loader(LateProxies.of("", files())));
    assertThat(before).first().isEqualTo("generic is a proxy: true");
    assertThat(after).first().isEqualTo("generic is a proxy: false");
    assertThat(after.subList(1, after.size())).isEqualTo(before.subList(1, before.size()));
  }

  @Test
  void nothingIsMadeBeforeItIsAsked() throws Exception {
    Loader loader = new Loader(LateProxies.of("", files()));
    Class<?> described =
        Class.forName("net.bytebuddy.description.type.TypeDescription$ForLoadedType", true, loader);
    Field held = described.getDeclaredField("DISPATCHER");
    held.setAccessible(true);
    Object dispatcher = held.get(null);
    assertThat(dispatcher.getClass().getName()).isEqualTo(DISPATCHER);
    Field real = dispatcher.getClass().getDeclaredField("real");
    real.setAccessible(true);
    assertThat(real.get(dispatcher)).isNull();
    Object list = described.getMethod("of", Class.class).invoke(null, List.class);
    assertThat(list.getClass().getMethod("isSealed").invoke(list)).isEqualTo(false);
    assertThat(real.get(dispatcher)).isNotNull();
  }

  @Test
  void anotherByteBuddyFailsTheBuild() {
    assertThatThrownBy(() -> LateProxies.of("", Collections.emptySortedMap()))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("no proxy");
  }

  @SuppressWarnings("unchecked")
  private static List<String> sample(Loader loader) throws Exception {
    return ((Callable<List<String>>)
            loader
                .loadClass(LateProxySample.class.getName())
                .getDeclaredConstructor()
                .newInstance())
        .call();
  }

  private static SortedMap<String, byte[]> files() throws Exception {
    Path jar = Path.of(ByteBuddy.class.getProtectionDomain().getCodeSource().getLocation().toURI());
    SortedMap<String, byte[]> files = new TreeMap<>();
    try (ZipFile zip = new ZipFile(jar.toFile())) {
      for (var entry : Collections.list(zip.entries())) {
        String name = entry.getName();
        if (name.startsWith("net/bytebuddy/") && name.endsWith(".class")) {
          try (InputStream in = zip.getInputStream(entry)) {
            files.put(name, in.readAllBytes());
          }
        }
      }
    }
    return files;
  }

  /** Has ByteBuddy from a map, and the sample that uses it. */
  private static final class Loader extends ClassLoader {
    private final SortedMap<String, byte[]> files;

    Loader(SortedMap<String, byte[]> files) {
      super(LateProxiesTest.class.getClassLoader());
      this.files = files;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      synchronized (getClassLoadingLock(name)) {
        byte[] file = file(name.replace('.', '/') + ".class");
        if (file == null) {
          return super.loadClass(name, resolve);
        }
        Class<?> loaded = findLoadedClass(name);
        return loaded != null ? loaded : defineClass(name, file, 0, file.length);
      }
    }

    private byte @Nullable [] file(String name) {
      if (!name.startsWith("dev/weft/agent/dist/LateProxySample")) {
        return files.get(name);
      }
      try (InputStream in = getResourceAsStream(name)) {
        return in.readAllBytes();
      } catch (IOException e) {
        throw new IllegalStateException(e);
      }
    }
  }
}
