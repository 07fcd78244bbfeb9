package dev.weft.agent.weave;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import net.bytebuddy.ClassFileVersion;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.annotation.AnnotationValue;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.description.type.TypeVariableToken;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.dynamic.scaffold.TypeInitializer;
import net.bytebuddy.implementation.Implementation;
import net.bytebuddy.implementation.auxiliary.AuxiliaryType;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import net.bytebuddy.jar.asm.Type;
import net.bytebuddy.pool.TypePool;
import net.bytebuddy.utility.OpenedClassReader;
import org.jspecify.annotations.Nullable;

/**
 * Inlines advice into one class file: ByteBuddy's {@link Advice} on a bare reader and writer.
 * ByteBuddy's own {@code AgentBuilder} costs more at start-up than all the rest of the agent
 * (docs/adr/0002).
 *
 * <p>No member is added, so the result is also fit for retransformation; methods without advice are
 * copied as they are. Stateless.
 */
final class ClassWeaver {
  /** Those of a class file (JVMS 4.6), without what ASM adds. */
  private static final int ACCESS_FLAGS = 0xffff;

  private ClassWeaver() {}

  /**
   * Weaves {@code bindings}, in their order, into a class.
   *
   * @param loader loader of the class, null for the boot loader
   * @param className binary name
   * @return the woven class file
   * @throws MisfitException when a binding that is not optional fits no method; nothing is woven
   *     then
   * @throws RuntimeException when the advice does not fit the method
   */
  static byte[] weave(
      @Nullable ClassLoader loader, String className, byte[] bytes, List<AdviceBinding> bindings) {
    ClassBytes files = new ClassBytes(loader, className, bytes);
    TypePool pool =
        new TypePool.Default.WithLazyResolution(
            new TypePool.CacheProvider.Simple(),
            files,
            TypePool.Default.ReaderMode.FAST,
            AgentTypes.POOL);
    TypeDescription type = pool.describe(className).resolve();
    ClassReader reader = OpenedClassReader.of(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    ClassFileVersion version = ClassFileVersion.ofClassFile(bytes);
    Implementation.Context context =
        Implementation.Context.Disabled.Factory.INSTANCE.make(
            type,
            new AuxiliaryType.NamingStrategy.SuffixingRandom("weft"),
            TypeInitializer.None.INSTANCE,
            version,
            version,
            version.isAtLeast(ClassFileVersion.JAVA_V6)
                ? Implementation.Context.FrameGeneration.GENERATE
                : Implementation.Context.FrameGeneration.DISABLED);
    Weave weave = new Weave(writer, type, pool, files, context, bindings);
    reader.accept(weave, 0);
    weave.requireAll(className);
    return writer.toByteArray();
  }

  /** Replaces the bodies of the bound methods: each call fails with {@code message}. */
  static byte[] close(byte[] bytes, List<AdviceBinding> bindings, String message) {
    ClassReader reader = OpenedClassReader.of(bytes);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(new ClosedMethods(writer, bindings, message), 0);
    return writer.toByteArray();
  }

  /** A class has not the methods an instrumentation needs. */
  static final class MisfitException extends RuntimeException {
    private static final long serialVersionUID = 1L;

    MisfitException(String message) {
      super(message, null, false, false);
    }
  }

  private static final class Weave extends ClassVisitor {
    private final TypeDescription type;
    private final TypePool pool;
    private final ClassFileLocator files;
    private final Implementation.Context context;
    private final List<AdviceBinding> bindings;
    private final Map<Object, Advice> advices = new HashMap<>();
    private final Set<AdviceBinding> fitted = new HashSet<>();

    Weave(
        ClassWriter writer,
        TypeDescription type,
        TypePool pool,
        ClassFileLocator files,
        Implementation.Context context,
        List<AdviceBinding> bindings) {
      super(OpenedClassReader.ASM_API, writer);
      this.type = type;
      this.pool = pool;
      this.files = files;
      this.context = context;
      this.bindings = bindings;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor visitor = super.visitMethod(access, name, descriptor, signature, exceptions);
      if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
        for (AdviceBinding binding : bindings) {
          if (binding.fits(name, descriptor)) {
            fitted.add(binding);
            visitor = wrap(visitor, binding, describe(access, name, descriptor));
          }
        }
      }
      return visitor;
    }

    private MethodVisitor wrap(
        MethodVisitor visitor, AdviceBinding binding, MethodDescription method) {
      HookCall call = binding.hookCall();
      String missing = call == null ? null : HookCallAdvice.missing(call, method, pool);
      if (missing != null) {
        throw new MisfitException("class " + type.getName() + " has no method " + missing);
      }
      Object key = call == null ? binding.adviceClassName() : call;
      Advice advice = advices.get(key);
      if (advice == null) {
        advice =
            call == null
                ? Advice.to(pool.describe(binding.adviceClassName()).resolve(), files)
                : HookCallAdvice.of(call, pool, files);
        advices.put(key, advice);
      }
      return advice.wrap(type, method, visitor, context, pool, 0, 0);
    }

    /**
     * What advice needs to know of a method. The pool would parse the whole class for it, with the
     * generic types of all its members.
     */
    private MethodDescription describe(int access, String name, String descriptor) {
      List<ParameterDescription.Token> parameters = new ArrayList<>();
      for (Type parameter : Type.getArgumentTypes(descriptor)) {
        parameters.add(new ParameterDescription.Token(described(parameter)));
      }
      return new MethodDescription.Latent(
          type,
          new MethodDescription.Token(
              name,
              access & ACCESS_FLAGS,
              Collections.<TypeVariableToken>emptyList(),
              described(Type.getReturnType(descriptor)),
              parameters,
              Collections.<TypeDescription.Generic>emptyList(),
              Collections.<AnnotationDescription>emptyList(),
              AnnotationValue.UNDEFINED,
              TypeDescription.Generic.UNDEFINED));
    }

    private TypeDescription.Generic described(Type named) {
      return pool.describe(
              named.getSort() == Type.ARRAY
                  ? named.getInternalName().replace('/', '.')
                  : named.getClassName())
          .resolve()
          .asGenericType();
    }

    void requireAll(String className) {
      List<AdviceBinding> missing = new ArrayList<>();
      for (AdviceBinding binding : bindings) {
        if (!binding.isOptional() && !fitted.contains(binding)) {
          missing.add(binding);
        }
      }
      if (!missing.isEmpty()) {
        throw new MisfitException("class " + className + " has no method " + missing.get(0));
      }
    }
  }

  private static final class ClosedMethods extends ClassVisitor {
    private final List<AdviceBinding> bindings;
    private final String message;

    ClosedMethods(ClassWriter writer, List<AdviceBinding> bindings, String message) {
      super(OpenedClassReader.ASM_API, writer);
      this.bindings = bindings;
      this.message = message;
    }

    @Override
    public @Nullable MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String signature,
        String @Nullable [] exceptions) {
      MethodVisitor visitor = super.visitMethod(access, name, descriptor, signature, exceptions);
      if ((access & (Opcodes.ACC_ABSTRACT | Opcodes.ACC_NATIVE)) == 0) {
        for (AdviceBinding binding : bindings) {
          if (binding.fits(name, descriptor)) {
            refuse(visitor, descriptor);
            return null;
          }
        }
      }
      return visitor;
    }

    private void refuse(MethodVisitor visitor, String descriptor) {
      String exception = "java/lang/IllegalStateException";
      visitor.visitCode();
      visitor.visitTypeInsn(Opcodes.NEW, exception);
      visitor.visitInsn(Opcodes.DUP);
      visitor.visitLdcInsn(message);
      visitor.visitMethodInsn(
          Opcodes.INVOKESPECIAL, exception, "<init>", "(Ljava/lang/String;)V", false);
      visitor.visitInsn(Opcodes.ATHROW);
      int locals = Type.getArgumentsAndReturnSizes(descriptor) >> 2;
      visitor.visitMaxs(3, locals);
      visitor.visitEnd();
    }
  }
}
