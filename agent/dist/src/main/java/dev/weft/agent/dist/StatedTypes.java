package dev.weft.agent.dist;

import org.jspecify.annotations.Nullable;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * States the type of what a method returns or throws, puts into a field or passes last, as a cast
 * in front of it. The verifier loads a class to see that it may stand for another (JVMS 4.10.1.2,
 * isJavaAssignable); a cast spares it that, and says the same when the method runs. A factory that
 * could make one of eight parsers then loads only the one it makes (docs/adr/0006).
 */
final class StatedTypes extends MethodVisitor {
  private static final String THROWABLE = "java/lang/Throwable";
  private static final String TEXT = "java/lang/String";
  private static final String ANY = "java/lang/Object";

  private final @Nullable String returned;

  /** Type on top of the stack, as far as the instruction before tells. */
  private @Nullable String top;

  StatedTypes(MethodVisitor next, String descriptor) {
    super(Opcodes.ASM9, next);
    Type type = Type.getReturnType(descriptor);
    this.returned = type.getSort() == Type.OBJECT ? type.getInternalName() : null;
  }

  private void state(@Nullable String type) {
    // Of a final class nothing else comes; of Object the verifier asks nothing.
    if (type != null && !type.equals(top) && !type.equals(ANY) && !type.equals(TEXT)) {
      super.visitTypeInsn(Opcodes.CHECKCAST, type);
    }
  }

  private static @Nullable String name(Type type) {
    return type.getSort() == Type.OBJECT ? type.getInternalName() : null;
  }

  @Override
  public void visitInsn(int opcode) {
    if (opcode == Opcodes.ARETURN) {
      state(returned);
    } else if (opcode == Opcodes.ATHROW) {
      state(THROWABLE);
    }
    top = null;
    super.visitInsn(opcode);
  }

  @Override
  public void visitMethodInsn(int opcode, String owner, String name, String type, boolean face) {
    Type[] arguments = Type.getArgumentTypes(type);
    if (arguments.length > 0) {
      state(name(arguments[arguments.length - 1]));
    }
    super.visitMethodInsn(opcode, owner, name, type, face);
    top = name(Type.getReturnType(type));
  }

  @Override
  public void visitFieldInsn(int opcode, String owner, String name, String type) {
    if (opcode == Opcodes.PUTFIELD || opcode == Opcodes.PUTSTATIC) {
      state(name(Type.getType(type)));
    }
    super.visitFieldInsn(opcode, owner, name, type);
    top = name(Type.getType(type));
  }

  @Override
  public void visitTypeInsn(int opcode, String type) {
    super.visitTypeInsn(opcode, type);
    top = opcode == Opcodes.CHECKCAST ? type : null;
  }

  @Override
  public void visitInvokeDynamicInsn(String name, String type, Handle site, Object... arguments) {
    super.visitInvokeDynamicInsn(name, type, site, arguments);
    top = name(Type.getReturnType(type));
  }

  @Override
  public void visitVarInsn(int opcode, int variable) {
    super.visitVarInsn(opcode, variable);
    top = null;
  }

  @Override
  public void visitLdcInsn(Object value) {
    super.visitLdcInsn(value);
    top = null;
  }

  @Override
  public void visitLabel(Label label) {
    super.visitLabel(label);
    top = null;
  }

  @Override
  public void visitJumpInsn(int opcode, Label label) {
    super.visitJumpInsn(opcode, label);
    top = null;
  }

  @Override
  public void visitMultiANewArrayInsn(String type, int dimensions) {
    super.visitMultiANewArrayInsn(type, dimensions);
    top = null;
  }
}
