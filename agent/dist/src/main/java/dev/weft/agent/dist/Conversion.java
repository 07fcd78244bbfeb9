package dev.weft.agent.dist;

import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/** The conversions between a lambda's types: casts, widening, boxing and unboxing. */
final class Conversion {
  private static final String PRIMITIVES = "ZCBSIFJD";
  private static final String[] WRAPPERS = {
    "Boolean", "Character", "Byte", "Short", "Integer", "Float", "Long", "Double"
  };
  private static final String[] VALUES = {
    "booleanValue", "charValue", "byteValue", "shortValue",
    "intValue", "floatValue", "longValue", "doubleValue"
  };

  private Conversion() {}

  /** Turns what lies on the stack from one type into another. */
  static void of(Type from, Type to, MethodVisitor code) {
    if (from.equals(to)) {
      return;
    }
    if (to.getSort() == Type.VOID) {
      code.visitInsn(from.getSize() == 2 ? Opcodes.POP2 : Opcodes.POP);
    } else if (isPrimitive(from)) {
      if (isPrimitive(to)) {
        widen(from, to, code);
      } else {
        box(from, code);
      }
    } else if (isPrimitive(to)) {
      unbox(from, to, code);
    } else if (!to.getInternalName().equals("java/lang/Object")) {
      code.visitTypeInsn(Opcodes.CHECKCAST, to.getInternalName());
    }
  }

  private static boolean isPrimitive(Type type) {
    return type.getSort() < Type.ARRAY;
  }

  private static int index(Type primitive) {
    return PRIMITIVES.indexOf(primitive.getDescriptor());
  }

  private static void box(Type from, MethodVisitor code) {
    String wrapper = "java/lang/" + WRAPPERS[index(from)];
    code.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        wrapper,
        "valueOf",
        "(" + from.getDescriptor() + ")L" + wrapper + ";",
        false);
  }

  private static void unbox(Type from, Type to, MethodVisitor code) {
    int index = index(to);
    for (int i = 0; i < WRAPPERS.length; i++) {
      if (from.getInternalName().equals("java/lang/" + WRAPPERS[i])) {
        index = i;
      }
    }
    String wrapper = "java/lang/" + WRAPPERS[index];
    Type value = Type.getType(PRIMITIVES.substring(index, index + 1));
    if (!from.getInternalName().equals(wrapper)) {
      code.visitTypeInsn(Opcodes.CHECKCAST, wrapper);
    }
    code.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, wrapper, VALUES[index], "()" + value.getDescriptor(), false);
    widen(value, to, code);
  }

  private static void widen(Type from, Type to, MethodVisitor code) {
    switch (to.getSort()) {
      case Type.LONG -> pick(from, code, Opcodes.I2L, Opcodes.NOP, Opcodes.NOP);
      case Type.FLOAT -> pick(from, code, Opcodes.I2F, Opcodes.L2F, Opcodes.NOP);
      case Type.DOUBLE -> pick(from, code, Opcodes.I2D, Opcodes.L2D, Opcodes.F2D);
      default -> {
        // Narrower integers are integers on the stack.
      }
    }
  }

  private static void pick(Type from, MethodVisitor code, int ofInt, int ofLong, int ofFloat) {
    int opcode =
        from.getSort() == Type.LONG ? ofLong : from.getSort() == Type.FLOAT ? ofFloat : ofInt;
    if (opcode != Opcodes.NOP && from.getSort() != Type.DOUBLE) {
      code.visitInsn(opcode);
    }
  }
}
