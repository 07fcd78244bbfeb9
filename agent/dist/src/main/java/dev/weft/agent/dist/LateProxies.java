package dev.weft.agent.dist;

import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Gives the proxies that ByteBuddy makes when its classes are initialised class files of their own
 * ({@link LateProxy}), which make what stands behind them when it is first asked. Weaving asks
 * hardly any, yet each proxy is a class that the JDK's own copy of ASM writes while the application
 * starts (docs/adr/0230).
 */
final class LateProxies {
  /** ByteBuddy's own package, with a slash at the end. */
  static final String HOME = "net/bytebuddy/";

  private final String home;
  private final SortedMap<String, byte[]> made = new TreeMap<>();

  private LateProxies(String home) {
    this.home = home;
  }

  /**
   * The class files of ByteBuddy with late proxies, and those of the proxies.
   *
   * @param prefix in front of ByteBuddy's own package where it is relocated, with a slash at the
   *     end; empty where it is not
   * @param files by name of the resource; classes they name are on the class path as well
   * @throws IllegalStateException when nothing was found that makes a proxy
   */
  static SortedMap<String, byte[]> of(String prefix, SortedMap<String, byte[]> files) {
    LateProxies late = new LateProxies(prefix + HOME);
    files.forEach((name, file) -> late.made.put(name, late.rewrite(name, file)));
    if (late.made.size() == files.size()) {
      throw new IllegalStateException("ByteBuddy makes no proxy that could be late");
    }
    return late.made;
  }

  private byte[] rewrite(String name, byte[] file) {
    ClassWriter writer = new ClassWriter(0);
    boolean lazy = name.equals(home + LateProxy.GENERIC + "$LazyProxy.class");
    new ClassReader(file)
        .accept(
            new ClassVisitor(Opcodes.ASM9, writer) {
              @Override
              public @Nullable MethodVisitor visitMethod(
                  int access,
                  String method,
                  String type,
                  @Nullable String generic,
                  String @Nullable [] exceptions) {
                MethodVisitor next = super.visitMethod(access, method, type, generic, exceptions);
                if (lazy && method.equals("of")) {
                  generic(next);
                  return null;
                }
                return new Calls(next);
              }
            },
            0);
    return writer.toByteArray();
  }

  /** {@code LazyProxy.of(type)}: a description of a loaded type. */
  private void generic(MethodVisitor method) {
    method.visitCode();
    method.visitVarInsn(Opcodes.ALOAD, 0);
    late(method, home + LateProxy.GENERIC);
    method.visitInsn(Opcodes.ARETURN);
    method.visitMaxs(1, 1);
    method.visitEnd();
  }

  /** Calls the factory of a proxy, with the type that is on the stack. */
  private void late(MethodVisitor method, String proxied) {
    LateProxy proxy = new LateProxy(home, proxied);
    made.computeIfAbsent(proxy.resource(), absent -> proxy.file());
    method.visitMethodInsn(
        Opcodes.INVOKESTATIC, proxy.name(), "of", proxy.factoryDescriptor(), false);
  }

  /** {@code JavaDispatcher.of(X.class)}, with a constant, becomes {@code X$Late.of(X.class)}. */
  private final class Calls extends MethodVisitor {
    /** What the constant says that the instruction before has put onto the stack. */
    private @Nullable Type top;

    Calls(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    @Override
    public void visitLdcInsn(Object value) {
      top = value instanceof Type type && type.getSort() == Type.OBJECT ? type : null;
      super.visitLdcInsn(value);
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String type, boolean face) {
      Type of = top;
      top = null;
      if (of != null
          && owner.equals(home + LateProxy.DISPATCHER)
          && name.equals("of")
          && type.equals(LateProxy.DISPATCHER_FACTORY)) {
        late(mv, of.getInternalName());
      } else {
        super.visitMethodInsn(opcode, owner, name, type, face);
      }
    }

    // A class gets onto the stack by these, too.

    @Override
    public void visitVarInsn(int opcode, int variable) {
      top = null;
      super.visitVarInsn(opcode, variable);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      top = null;
      super.visitFieldInsn(opcode, owner, name, type);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      top = null;
      super.visitTypeInsn(opcode, type);
    }

    @Override
    public void visitInsn(int opcode) {
      top = null;
      super.visitInsn(opcode);
    }
  }
}
