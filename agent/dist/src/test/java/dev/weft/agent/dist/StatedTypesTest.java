package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

final class StatedTypesTest {
  private static final String[] LAZY = {
    Larger.class.getName(), Passed.class.getName(), Kept.class.getName(), Unknown.class.getName()
  };

  /** What a third party's factory looks like. */
  public static final class Factory implements Function<String, Object> {
    private static @Nullable Product kept;

    @Override
    public Object apply(String kind) {
      Product product = kind.equals("small") ? null : make(kind);
      return product == null ? "small" : product.name();
    }

    private static Product make(String kind) {
      if (kind.equals("unknown")) {
        throw new Unknown();
      }
      if (kind.equals("known")) {
        return named();
      }
      if (kind.equals("passed")) {
        return itself(new Passed());
      }
      if (kind.equals("kept")) {
        kept = new Kept();
        return kept;
      }
      return new Larger();
    }

    private static Product itself(Product product) {
      return product;
    }

    private static Product named() {
      return new Large();
    }
  }

  /** A class, not an interface: the verifier takes every object for any interface. */
  public abstract static class Product {
    abstract String name();
  }

  static final class Large extends Product {
    @Override
    String name() {
      return "large";
    }
  }

  static final class Larger extends Product {
    @Override
    String name() {
      return "larger";
    }
  }

  static final class Passed extends Product {
    @Override
    String name() {
      return "passed";
    }
  }

  static final class Kept extends Product {
    @Override
    String name() {
      return "kept";
    }
  }

  static final class Unknown extends RuntimeException {
    private static final long serialVersionUID = 1L;
  }

  @Test
  void whatAMethodMayReturnOrThrowIsLoadedWhenItDoes() throws Exception {
    Loader plain = new Loader("dev/weft/other/Factory.class");
    assertThat(plain.factory().apply("small")).isEqualTo("small");
    assertThat(plain.asked).contains(LAZY);

    Loader stated = new Loader("dev/weft/shaded/net/bytebuddy/Factory.class");
    Function<String, Object> factory = stated.factory();
    assertThat(factory.apply("small")).isEqualTo("small");
    assertThat(stated.asked).doesNotContain(LAZY);
    assertThat(factory.apply("known")).isEqualTo("large");
    for (String kind : new String[] {"larger", "passed", "kept"}) {
      assertThat(factory.apply(kind)).isEqualTo(kind);
    }
    // By its name: the loader's is another class than this test's.
    assertThatThrownBy(() -> factory.apply("unknown"))
        .extracting(e -> e.getClass().getName())
        .isEqualTo(Unknown.class.getName());
  }

  /** Defines the factory itself, slimmed under a name, and notes what the JVM asks it for. */
  private static final class Loader extends ClassLoader {
    final List<String> asked = new ArrayList<>();
    private final String as;

    Loader(String as) {
      super(StatedTypesTest.class.getClassLoader());
      this.as = as;
    }

    @SuppressWarnings("unchecked")
    Function<String, Object> factory() throws Exception {
      return (Function<String, Object>)
          loadClass(Factory.class.getName()).getDeclaredConstructor().newInstance();
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      asked.add(name);
      if (!name.startsWith(StatedTypesTest.class.getName())) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? define(name) : loaded;
    }

    private Class<?> define(String name) throws ClassNotFoundException {
      try (InputStream in = getResourceAsStream(name.replace('.', '/') + ".class")) {
        byte[] file = Slimmer.slim(as, in.readAllBytes());
        return defineClass(name, file, 0, file.length);
      } catch (IOException e) {
        throw new ClassNotFoundException(name, e);
      }
    }
  }
}
