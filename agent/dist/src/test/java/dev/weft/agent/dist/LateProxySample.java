package dev.weft.agent.dist;

import java.lang.reflect.Proxy;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Callable;
import net.bytebuddy.ByteBuddy;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.matcher.ElementMatchers;
import net.bytebuddy.pool.TypePool;

/** Runs with whichever ByteBuddy its class loader has, and says what came of it. */
public final class LateProxySample implements Callable<List<String>> {

  /** Woven. */
  public static class Target {
    /** Returns its argument, or fails. */
    public Object answer(Object given) {
      if (given == null) {
        throw new IllegalArgumentException("nothing given");
      }
      return given;
    }
  }

  /** Enters and leaves as the advice of an instrumentation does. */
  public static final class Around {
    private Around() {}

    /** Skips what is told to be skipped. */
    @Advice.OnMethodEnter(skipOn = Advice.OnNonDefaultValue.class)
    public static Object enter(@Advice.Argument(0) Object given) {
      return "skip".equals(given) ? given : null;
    }

    /** Says that it was here. */
    @Advice.OnMethodExit(onThrowable = Throwable.class)
    public static void exit(
        @Advice.Enter Object entered,
        @Advice.Return(readOnly = false) Object returned,
        @Advice.Thrown Throwable thrown) {
      returned = entered != null ? entered : thrown != null ? thrown.getMessage() : returned;
    }
  }

  @Override
  @SuppressWarnings("deprecation") // The constants are what is a proxy.
  public List<String> call() throws Exception {
    List<String> said = new ArrayList<>();
    ClassLoader loader = LateProxySample.class.getClassLoader();
    said.add(
        "generic is a proxy: " + Proxy.isProxyClass(TypeDescription.Generic.OBJECT.getClass()));
    byte[] woven =
        new ByteBuddy()
            .redefine(Target.class, ClassFileLocator.ForClassLoader.of(loader))
            .visit(Advice.to(Around.class).on(ElementMatchers.named("answer")))
            .make()
            .getBytes();
    said.add("woven: " + Arrays.hashCode(woven) + ", " + woven.length);
    TypeDescription.Generic object = TypeDescription.Generic.OBJECT;
    TypeDescription.Generic loaded = TypeDescription.ForLoadedType.of(Object.class).asGenericType();
    said.add("equal: " + object.equals(loaded) + loaded.equals(object) + object.equals(woven));
    said.add("hash: " + (object.hashCode() == loaded.hashCode()) + ", " + object);
    TypeDescription pooled = TypePool.Default.of(loader).describe(Target.class.getName()).resolve();
    said.add(
        "pool: "
            + pooled.getDeclaredMethods()
            + pooled.getSuperClass().asErasure().represents(Object.class));
    TypeDescription list = TypeDescription.ForLoadedType.of(List.class);
    said.add("record: " + list.isRecord() + ", sealed: " + list.isSealed() + list.getNestHost());
    said.add("methods: " + list.getDeclaredMethods().filter(ElementMatchers.named("get")));
    said.add(
        "parameters: "
            + list.getDeclaredMethods()
                .filter(ElementMatchers.named("set"))
                .getOnly()
                .getParameters());
    said.add(
        "receiver: "
            + list.getDeclaredMethods()
                .filter(ElementMatchers.named("get"))
                .getOnly()
                .getReceiverType());
    return said;
  }
}
