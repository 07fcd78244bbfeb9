package dev.weft.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;

import java.lang.instrument.ClassFileTransformer;
import java.lang.instrument.Instrumentation;
import java.security.ProtectionDomain;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import net.bytebuddy.agent.ByteBuddyAgent;

/**
 * Another agent that waits, while it looks at a class, for a thread that needs the same class: as
 * when it loads one of its own that this thread is loading.
 */
public final class LoadedByTwo implements ClassFileTransformer {
  private final ClassLoader loader;
  private final String name;
  private final AtomicBoolean asked = new AtomicBoolean();
  private volatile boolean inTime;
  private final CompletableFuture<Class<?>> others = new CompletableFuture<>();

  private LoadedByTwo(ClassLoader loader, String name) {
    this.loader = loader;
    this.name = name;
  }

  /** Both threads get the class, and the same. */
  public static void check(ClassLoader loader, String name) throws Exception {
    Instrumentation instrumentation = ByteBuddyAgent.install();
    LoadedByTwo agent = new LoadedByTwo(loader, name);
    instrumentation.addTransformer(agent);
    try {
      Class<?> ours = loader.loadClass(name);
      assertThat(agent.asked).isTrue();
      assertThat(agent.inTime).as("the other thread did not wait for this one").isTrue();
      assertThat(ours).isSameAs(agent.others.get()).isSameAs(loader.loadClass(name));
      assertThat(ours.getClassLoader()).isSameAs(loader);
    } finally {
      instrumentation.removeTransformer(agent);
    }
  }

  @Override
  public byte[] transform(
      ClassLoader of, String internalName, Class<?> type, ProtectionDomain domain, byte[] bytes) {
    if (of == loader
        && name.replace('.', '/').equals(internalName)
        && asked.compareAndSet(false, true)) {
      Thread thread = new Thread(this::load, "other");
      thread.setDaemon(true);
      thread.start();
      try {
        others.get(10, TimeUnit.SECONDS);
        inTime = true;
      } catch (Exception e) {
        // It stays false.
      }
    }
    return null;
  }

  private void load() {
    try {
      others.complete(loader.loadClass(name));
    } catch (Throwable t) {
      others.completeExceptionally(t);
    }
  }
}
