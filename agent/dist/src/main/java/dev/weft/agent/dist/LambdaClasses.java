package dev.weft.agent.dist;

import dev.weft.agent.dist.LambdaClass.Body;
import dev.weft.agent.dist.LambdaClass.Shape;
import java.util.HashMap;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Map;
import java.util.Objects;
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
 * (docs/adr/0008). What does the same shares one, and so do the many of one shape that a table of
 * method references makes.
 */
final class LambdaClasses {
  private static final String FACTORY = "java/lang/invoke/LambdaMetafactory";
  private static final String SUFFIX = ".class";

  /**
   * From how many lambdas of one shape in one class they share a class file. Fewer keep their own,
   * by which the JIT tells them apart where they are called.
   */
  private static final int MANY = 16;

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
    Found found = new Found(reader);
    reader.accept(found, ClassReader.SKIP_FRAMES | ClassReader.SKIP_DEBUG);
    if (found.bodies.isEmpty()) {
      written.put(resource, file);
      return;
    }
    Map<Shape, Map<Body, LambdaClass>> classes = classes(reader.getClassName(), found.bodies);
    ClassWriter writer = new ClassWriter(0);
    reader.accept(new Host(writer, reader, classes), 0);
    written.put(resource, writer.toByteArray());
  }

  private Map<Shape, Map<Body, LambdaClass>> classes(String host, Map<Shape, Set<Body>> found) {
    Map<Shape, Map<Body, LambdaClass>> classes = new HashMap<>();
    int count = 0;
    for (Map.Entry<Shape, Set<Body>> entry : found.entrySet()) {
      List<Body> all = List.copyOf(entry.getValue());
      Map<Body, LambdaClass> made = new HashMap<>();
      classes.put(entry.getKey(), made);
      int each = all.size() < MANY ? 1 : all.size();
      for (int i = 0; i < all.size(); i += each) {
        List<Body> some = all.subList(i, i + each);
        LambdaClass lambda = new LambdaClass(host + "$$L" + count++, entry.getKey(), some);
        some.forEach(body -> made.put(body, lambda));
        written.put(lambda.name() + SUFFIX, lambda.file());
      }
    }
    return classes;
  }

  /** A visitor of one class, told of each lambda that can have a class file. */
  private abstract class Lambdas extends ClassVisitor {
    final String host;
    final boolean isInterface;
    final SortedMap<String, Handle> accessors = new TreeMap<>();

    Lambdas(@Nullable ClassWriter writer, ClassReader reader) {
      super(Opcodes.ASM9, writer);
      this.host = reader.getClassName();
      this.isInterface = (reader.getAccess() & Opcodes.ACC_INTERFACE) != 0;
    }

    abstract void lambda(Shape shape, Body body, MethodVisitor code);

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
          lambda(
              new Shape(sam, Type.getMethodType(site), (Type) arguments[0]),
              new Body(reachable((Handle) arguments[1]), (Type) arguments[2]),
              mv);
        }

        @Override
        public void visitMaxs(int stack, int locals) {
          // The number of a lambda in a shared class lies on top of what it captures.
          super.visitMaxs(stack + 1, locals);
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
  }

  /** Which lambdas a class makes, in their order. */
  private final class Found extends Lambdas {
    final Map<Shape, Set<Body>> bodies = new LinkedHashMap<>();

    Found(ClassReader reader) {
      super(null, reader);
    }

    @Override
    void lambda(Shape shape, Body body, MethodVisitor code) {
      bodies.computeIfAbsent(shape, s -> new LinkedHashSet<>()).add(body);
    }
  }

  /** A class in which lambdas are made. */
  private final class Host extends Lambdas {
    private final Map<Shape, Map<Body, LambdaClass>> classes;

    Host(ClassWriter writer, ClassReader reader, Map<Shape, Map<Body, LambdaClass>> classes) {
      super(writer, reader);
      this.classes = classes;
    }

    @Override
    void lambda(Shape shape, Body body, MethodVisitor code) {
      Objects.requireNonNull(Objects.requireNonNull(classes.get(shape)).get(body)).load(code, body);
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
