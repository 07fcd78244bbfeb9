package dev.weft.agent.dist;

import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class file of one lambda, with the conversions that {@link
 * java.lang.invoke.LambdaMetafactory} promises. One that captures nothing is made once.
 */
final class LambdaClass {
  private static final String OBJECT = "java/lang/Object";
  private static final String INSTANCE = "INSTANCE";
  private static final String MAKER = "of";

  private final String name;
  private final String method;
  private final Type site;
  private final Type erased;
  private final Handle target;
  private final Type instantiated;

  /**
   * A lambda's class.
   *
   * @param method the one of its interface
   * @param site what it captures, and the interface
   * @param erased the method's type in the interface
   * @param target what it runs
   * @param instantiated the method's type at this place
   */
  LambdaClass(
      String name, String method, Type site, Type erased, Handle target, Type instantiated) {
    this.name = name;
    this.method = method;
    this.site = site;
    this.erased = erased;
    this.target = target;
    this.instantiated = instantiated;
  }

  String name() {
    return name;
  }

  private boolean isConstant() {
    return site.getArgumentTypes().length == 0;
  }

  /** Puts the lambda where the call site put it, in place of what it captures. */
  void load(MethodVisitor code) {
    if (isConstant()) {
      code.visitFieldInsn(Opcodes.GETSTATIC, name, INSTANCE, site.getReturnType().getDescriptor());
    } else {
      code.visitMethodInsn(Opcodes.INVOKESTATIC, name, MAKER, site.getDescriptor(), false);
    }
  }

  byte[] file() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        name,
        null,
        OBJECT,
        new String[] {site.getReturnType().getInternalName()});
    Type[] captured = site.getArgumentTypes();
    for (int i = 0; i < captured.length; i++) {
      writer.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL,
          "c" + i,
          captured[i].getDescriptor(),
          null,
          null);
    }
    constructor(writer, captured);
    maker(writer, captured);
    body(writer, captured);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void constructor(ClassWriter writer, Type[] captured) {
    MethodVisitor code = begin(writer, Opcodes.ACC_PRIVATE, "<init>", constructorType());
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    int slot = 1;
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(captured[i].getOpcode(Opcodes.ILOAD), slot);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, "c" + i, captured[i].getDescriptor());
      slot += captured[i].getSize();
    }
    end(code, Opcodes.RETURN);
  }

  private String constructorType() {
    return Type.getMethodDescriptor(Type.VOID_TYPE, site.getArgumentTypes());
  }

  private void maker(ClassWriter writer, Type[] captured) {
    String made = site.getReturnType().getDescriptor();
    MethodVisitor code;
    if (isConstant()) {
      writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, INSTANCE, made, null, null);
      code = begin(writer, Opcodes.ACC_STATIC, "<clinit>", "()V");
    } else {
      code = begin(writer, Opcodes.ACC_STATIC, MAKER, site.getDescriptor());
    }
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    int slot = 0;
    for (Type argument : captured) {
      code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
      slot += argument.getSize();
    }
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructorType(), false);
    if (isConstant()) {
      code.visitFieldInsn(Opcodes.PUTSTATIC, name, INSTANCE, made);
    }
    end(code, isConstant() ? Opcodes.RETURN : Opcodes.ARETURN);
  }

  private void body(ClassWriter writer, Type[] captured) {
    MethodVisitor code = begin(writer, Opcodes.ACC_PUBLIC, method, erased.getDescriptor());
    boolean makes = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (makes) {
      code.visitTypeInsn(Opcodes.NEW, target.getOwner());
      code.visitInsn(Opcodes.DUP);
    }
    Type[] wanted = wanted();
    int at = 0;
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, "c" + i, captured[i].getDescriptor());
      Conversion.of(captured[i], wanted[at++], code);
    }
    int slot = 1;
    Type[] given = erased.getArgumentTypes();
    Type[] known = instantiated.getArgumentTypes();
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), slot);
      slot += given[i].getSize();
      Conversion.of(given[i], known[i], code);
      Conversion.of(known[i], wanted[at++], code);
    }
    code.visitMethodInsn(
        opcode(), target.getOwner(), target.getName(), target.getDesc(), target.isInterface());
    Type got = makes ? Type.getObjectType(target.getOwner()) : Type.getReturnType(target.getDesc());
    Conversion.of(got, erased.getReturnType(), code);
    end(code, erased.getReturnType().getOpcode(Opcodes.IRETURN));
  }

  /** What the target takes, its receiver first. */
  private Type[] wanted() {
    Type[] parameters = Type.getArgumentTypes(target.getDesc());
    if (target.getTag() == Opcodes.H_INVOKESTATIC
        || target.getTag() == Opcodes.H_NEWINVOKESPECIAL) {
      return parameters;
    }
    Type[] all = new Type[parameters.length + 1];
    all[0] = Type.getObjectType(target.getOwner());
    System.arraycopy(parameters, 0, all, 1, parameters.length);
    return all;
  }

  private int opcode() {
    return switch (target.getTag()) {
      case Opcodes.H_INVOKESTATIC -> Opcodes.INVOKESTATIC;
      case Opcodes.H_INVOKEVIRTUAL -> Opcodes.INVOKEVIRTUAL;
      case Opcodes.H_INVOKEINTERFACE -> Opcodes.INVOKEINTERFACE;
      case Opcodes.H_NEWINVOKESPECIAL -> Opcodes.INVOKESPECIAL;
      default ->
          throw new IllegalStateException(name + " runs " + target + ", which cannot be called");
    };
  }

  private static MethodVisitor begin(
      ClassWriter writer, int access, String method, String descriptor) {
    MethodVisitor code = writer.visitMethod(access, method, descriptor, null, null);
    code.visitCode();
    return code;
  }

  private static void end(MethodVisitor code, int opcode) {
    code.visitInsn(opcode);
    code.visitMaxs(0, 0);
    code.visitEnd();
  }
}
