package dev.weft.it.agent;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.lang.instrument.UnmodifiableClassException;
import java.security.ProtectionDomain;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassWriter;

/**
 * Somebody else's agent: it writes every class of the application and of its libraries anew, and
 * when the application makes its first call it retransforms every class there is, once.
 */
public final class SecondAgent implements ClassFileTransformer {
  /** What it prints when all is retransformed. */
  public static final String DONE = "second agent: (\\d+) classes retransformed";

  /** The application makes its first call when this is loaded. */
  private static final String TRIGGER = "probe/Caller";

  private final CountDownLatch called = new CountDownLatch(1);

  private SecondAgent() {}

  /** Called by the JVM. */
  public static void premain(String arguments, Instrumentation instrumentation) {
    SecondAgent agent = new SecondAgent();
    instrumentation.addTransformer(agent, true);
    Thread thread = new Thread(() -> agent.retransform(instrumentation), "second-agent");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public byte[] transform(
      ClassLoader loader,
      String name,
      Class<?> redefined,
      ProtectionDomain domain,
      byte[] classFile) {
    if (TRIGGER.equals(name)) {
      called.countDown();
    }
    if (loader == null || name == null || name.startsWith("org/objectweb/asm/")) {
      return null;
    }
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(classFile).accept(writer, 0);
    return writer.toByteArray();
  }

  private void retransform(Instrumentation instrumentation) {
    try {
      called.await();
    } catch (InterruptedException e) {
      return;
    }
    List<Class<?>> all = new ArrayList<>();
    for (Class<?> type : instrumentation.getAllLoadedClasses()) {
      if (instrumentation.isModifiableClass(type)) {
        all.add(type);
      }
    }
    try {
      instrumentation.retransformClasses(all.toArray(new Class<?>[0]));
      System.out.println("second agent: " + all.size() + " classes retransformed");
    } catch (UnmodifiableClassException | RuntimeException | LinkageError e) {
      System.out.println("second agent: " + e);
    }
  }
}
