package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.InputStream;
import java.lang.reflect.Constructor;
import java.lang.reflect.Method;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.Callable;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

final class LambdaClassesTest {
  private static final String SAMPLES = "dev/weft/agent/dist/LambdaSamples.class";
  private static final String GREETING = "dev/weft/agent/dist/LambdaSamples$Greeting.class";

  /** Lambdas in the two tables, each of which gets one class, and four of the first one's shape. */
  private static final int SHARING = 18 + 16 + 4;

  @Test
  void lambdasDoTheSameWithClassesOfTheirOwn() throws Exception {
    Object plain = new LambdaSamples().call();
    Class<?> rewritten = new Loader(rewritten()).loadClass(LambdaSamples.class.getName());
    Constructor<?> constructor = rewritten.getDeclaredConstructor();
    constructor.setAccessible(true);
    assertThat(((Callable<?>) constructor.newInstance()).call()).isEqualTo(plain);
    Method constant = rewritten.getDeclaredMethod("constant");
    constant.setAccessible(true);
    assertThat(constant.invoke(null)).isSameAs(constant.invoke(null));
  }

  @Test
  void noneIsLeftToBeSpun() throws IOException {
    Map<String, byte[]> before = files();
    Map<String, byte[]> after = rewritten();
    int lambdas = before.values().stream().mapToInt(LambdaClassesTest::spun).sum();
    assertThat(lambdas).isGreaterThan(SHARING);
    assertThat(after.values().stream().mapToInt(LambdaClassesTest::spun).sum()).isZero();
    assertThat(after).hasSize(before.size() + lambdas - SHARING + 2);
  }

  private static Map<String, byte[]> files() throws IOException {
    Map<String, byte[]> files = new TreeMap<>();
    for (String name : new String[] {SAMPLES, GREETING}) {
      try (InputStream in = LambdaSamples.class.getClassLoader().getResourceAsStream(name)) {
        files.put(name, in.readAllBytes());
      }
    }
    return files;
  }

  private static Map<String, byte[]> rewritten() throws IOException {
    return LambdaClasses.of(files());
  }

  private static int spun(byte[] file) {
    int[] count = new int[1];
    new ClassReader(file)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(
                  int access,
                  String name,
                  String descriptor,
                  @Nullable String generic,
                  String @Nullable [] exceptions) {
                return new MethodVisitor(Opcodes.ASM9) {
                  @Override
                  public void visitInvokeDynamicInsn(
                      String sam, String site, Handle bootstrap, Object... arguments) {
                    count[0] += bootstrap.getOwner().endsWith("LambdaMetafactory") ? 1 : 0;
                  }
                };
              }
            },
            0);
    return count[0];
  }

  /** Defines the files itself, verified as any class. */
  private static final class Loader extends ClassLoader {
    private final Map<String, byte[]> files;

    Loader(Map<String, byte[]> files) {
      super(LambdaClassesTest.class.getClassLoader());
      this.files = files;
    }

    @Override
    protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
      byte[] file = files.get(name.replace('.', '/') + ".class");
      if (file == null) {
        return super.loadClass(name, resolve);
      }
      Class<?> loaded = findLoadedClass(name);
      return loaded == null ? defineClass(name, file, 0, file.length) : loaded;
    }
  }
}
