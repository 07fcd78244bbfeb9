package dev.weft.agent.dist;

import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Gives each lambda and method reference a class file of its own, as an anonymous class has one:
 * otherwise the JVM spins its class, its forms and its call site while the application starts
 * (docs/adr/0008).
 */
final class LambdaClasses {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final String SUFFIX = ".class";

  /** Private methods of all classes, as {@code owner.name(descriptor)}. */
  private final Set<String> hidden = new HashSet<>();

  private final SortedMap<String, byte[]> written = new TreeMap<>();

  private LambdaClasses() {}

  /**
   * The class files without {@code invokedynamic} for lambdas, and those of the lambdas.
   *
   * @param files class files by resource name
   */
  static SortedMap<String, byte[]> of(Map<String, byte[]> files) {
    LambdaClasses all = new LambdaClasses();
    files.values().forEach(all::findHidden);
    files.forEach(all::rewrite);
    return all.written;
  }

  private void findHidden(byte[] file) {
    ClassReader reader = new ClassReader(file);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9) {
          @Override
          public @Nullable MethodVisitor visitMethod(
              int access,
              String name,
              String descriptor,
              @Nullable String generic,
              String @Nullable [] exceptions) {
            if ((access & Opcodes.ACC_PRIVATE) != 0) {
              hidden.add(reader.getClassName() + "." + name + descriptor);
            }
            return null;
          }
        },
        ClassReader.SKIP_CODE);
  }

  private boolean isHidden(Handle method) {
    return hidden.contains(method.getOwner() + "." + method.getName() + method.getDesc());
  }

  private void rewrite(String resource, byte[] file) {
    ClassReader reader = new ClassReader(file);
    ClassWriter writer = new ClassWriter(0);
    Host host = new Host(writer, reader);
    reader.accept(host, 0);
    written.put(resource, host.count == 0 ? file : writer.toByteArray());
  }

  /** A class in which lambdas are made. */
  private final class Host extends ClassVisitor {
    private final String host;
    private final boolean isInterface;
    private final SortedMap<String, Handle> accessors = new TreeMap<>();
    private int count;

    Host(ClassWriter writer, ClassReader reader) {
      super(Opcodes.ASM9, writer);
      this.host = reader.getClassName();
      this.isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
    }

    @Override
    public MethodVisitor visitMethod(
        int access,
        String name,
        String descriptor,
        @Nullable String generic,
        String @Nullable [] exceptions) {
      return new MethodVisitor(
          Opcodes.ASM9, super.visitMethod(access, name, descriptor, generic, exceptions)) {
        @Override
        public void visitInvokeDynamicInsn(
            String sam, String site, Handle bootstrap, Object... arguments) {
          if (!bootstrap.getOwner().equals(FACTORY)
              || !bootstrap.getName().equals("metafactory")
              || (isHidden((Handle) arguments[1])
                  && !((Handle) arguments[1]).getOwner().equals(host))) {
            super.visitInvokeDynamicInsn(sam, site, bootstrap, arguments);
            return;
          }
          LambdaClass lambda =
              new LambdaClass(
                  host + "$$L" + count++,
                  sam,
                  Type.getMethodType(site),
                  (Type) arguments[0],
                  reachable((Handle) arguments[1]),
                  (Type) arguments[2]);
          written.put(lambda.name() + SUFFIX, lambda.file());
          lambda.load(mv);
        }
      };
    }

    /** The method, or where it is private an accessor that the lambda's class may call. */
    private Handle reachable(Handle target) {
      if (!isHidden(target)) {
        return target;
      }
      String parameters = target.getDesc().substring(1);
      boolean receives =
          target.getTag() != Opcodes.H_INVOKESTATIC
              && target.getTag() != Opcodes.H_NEWINVOKESPECIAL;
      String descriptor = receives ? "(L" + host + ";" + parameters : "(" + parameters;
      if (target.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
        descriptor = descriptor.substring(0, descriptor.indexOf(')') + 1) + "L" + host + ";";
      }
      String name = "access$" + target.getName().replace('<', '$').replace('>', '$');
      accessors.put(name + descriptor, target);
      return new Handle(Opcodes.H_INVOKESTATIC, host, name, descriptor, isInterface);
    }

    @Override
    public void visitEnd() {
      accessors.forEach(this::accessor);
      super.visitEnd();
    }

    private void accessor(String key, Handle target) {
      int at = key.indexOf('(');
      Type type = Type.getMethodType(key.substring(at));
      int access = isInterface ? Opcodes.ACC_PUBLIC : 0;
      MethodVisitor code =
          cv.visitMethod(
              access | Opcodes.ACC_STATIC | Opcodes.ACC_SYNTHETIC,
              key.substring(0, at),
              type.getDescriptor(),
              null,
              null);
      code.visitCode();
      boolean makes = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
      if (makes) {
        code.visitTypeInsn(Opcodes.NEW, host);
        code.visitInsn(Opcodes.DUP);
      }
      int slot = 0;
      for (Type argument : type.getArgumentTypes()) {
        code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
        slot += argument.getSize();
      }
      code.visitMethodInsn(
          target.getTag() == Opcodes.H_INVOKESTATIC ? Opcodes.INVOKESTATIC : Opcodes.INVOKESPECIAL,
          host,
          target.getName(),
          target.getDesc(),
          isInterface);
      code.visitInsn(type.getReturnType().getOpcode(Opcodes.IRETURN));
      code.visitMaxs(slot + 2, slot);
      code.visitEnd();
    }
  }
}
