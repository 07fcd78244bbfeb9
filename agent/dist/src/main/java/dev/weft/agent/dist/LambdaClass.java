package dev.weft.agent.dist;

import java.util.Arrays;
import java.util.List;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Handle;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * The class file of one lambda or of several of one shape, with the conversions that {@link
 * java.lang.invoke.LambdaMetafactory} promises. One that captures nothing is made once.
 */
final class LambdaClass {
  private static final String OBJECT = "java/lang/Object";
  private static final String INSTANCE = "INSTANCE";
  private static final String MAKER = "of";
  private static final String WHICH = "which";

  /**
   * What lambdas in one class have in common.
   *
   * @param method the one of the interface
   * @param site what it captures, and the interface
   * @param erased the method's type in the interface
   */
  record Shape(String method, Type site, Type erased) {}

  /**
   * What one lambda does.
   *
   * @param target what it runs
   * @param instantiated the method's type at its place
   */
  record Body(Handle target, Type instantiated) {}

  private final String name;
  private final String method;
  private final Type site;
  private final Type erased;
  private final List<Body> bodies;

  /** A class for lambdas of one shape; one of several has a number, its place among the bodies. */
  LambdaClass(String name, Shape shape, List<Body> bodies) {
    this.name = name;
    this.method = shape.method;
    this.site = shape.site;
    this.erased = shape.erased;
    this.bodies = bodies;
  }

  String name() {
    return name;
  }

  private boolean isShared() {
    return bodies.size() > 1;
  }

  private boolean isConstant() {
    return site.getArgumentTypes().length == 0;
  }

  /** Puts the lambda where the call site put it, in place of what it captures. */
  void load(MethodVisitor code, Body body) {
    int number = bodies.indexOf(body);
    if (isConstant()) {
      code.visitFieldInsn(
          Opcodes.GETSTATIC, name, instance(number), site.getReturnType().getDescriptor());
      return;
    }
    if (isShared()) {
      code.visitLdcInsn(number);
    }
    code.visitMethodInsn(Opcodes.INVOKESTATIC, name, MAKER, makerType(), false);
  }

  private static String instance(int number) {
    return INSTANCE + number;
  }

  /** What is handed to a new one: what it captures, and its number where there are several. */
  private Type[] given() {
    Type[] captured = site.getArgumentTypes();
    if (!isShared()) {
      return captured;
    }
    Type[] all = Arrays.copyOf(captured, captured.length + 1);
    all[captured.length] = Type.INT_TYPE;
    return all;
  }

  private String makerType() {
    return Type.getMethodDescriptor(site.getReturnType(), given());
  }

  /** Name of the field for what is handed over at a place. */
  private String field(int at) {
    return at < site.getArgumentTypes().length ? "c" + at : WHICH;
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
    Type[] given = given();
    for (int i = 0; i < given.length; i++) {
      writer.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, field(i), given[i].getDescriptor(), null, null);
    }
    constructor(writer, given);
    if (isConstant()) {
      constants(writer);
    } else {
      maker(writer, given);
    }
    body(writer);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void constructor(ClassWriter writer, Type[] given) {
    MethodVisitor code = begin(writer, Opcodes.ACC_PRIVATE, "<init>", constructorType());
    code.visitVarInsn(Opcodes.ALOAD, 0);
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, OBJECT, "<init>", "()V", false);
    int slot = 1;
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), slot);
      code.visitFieldInsn(Opcodes.PUTFIELD, name, field(i), given[i].getDescriptor());
      slot += given[i].getSize();
    }
    end(code, Opcodes.RETURN);
  }

  private String constructorType() {
    return Type.getMethodDescriptor(Type.VOID_TYPE, given());
  }

  private void constants(ClassWriter writer) {
    String made = site.getReturnType().getDescriptor();
    MethodVisitor code = begin(writer, Opcodes.ACC_STATIC, "<clinit>", "()V");
    for (int i = 0; i < bodies.size(); i++) {
      writer.visitField(Opcodes.ACC_STATIC | Opcodes.ACC_FINAL, instance(i), made, null, null);
      code.visitTypeInsn(Opcodes.NEW, name);
      code.visitInsn(Opcodes.DUP);
      if (isShared()) {
        code.visitLdcInsn(i);
      }
      code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructorType(), false);
      code.visitFieldInsn(Opcodes.PUTSTATIC, name, instance(i), made);
    }
    end(code, Opcodes.RETURN);
  }

  private void maker(ClassWriter writer, Type[] given) {
    MethodVisitor code = begin(writer, Opcodes.ACC_STATIC, MAKER, makerType());
    code.visitTypeInsn(Opcodes.NEW, name);
    code.visitInsn(Opcodes.DUP);
    int slot = 0;
    for (Type argument : given) {
      code.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), slot);
      slot += argument.getSize();
    }
    code.visitMethodInsn(Opcodes.INVOKESPECIAL, name, "<init>", constructorType(), false);
    end(code, Opcodes.ARETURN);
  }

  private void body(ClassWriter writer) {
    MethodVisitor code = begin(writer, Opcodes.ACC_PUBLIC, method, erased.getDescriptor());
    if (isShared()) {
      Label[] starts = new Label[bodies.size()];
      Arrays.setAll(starts, i -> new Label());
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, WHICH, Type.INT_TYPE.getDescriptor());
      // There is no other number than these.
      code.visitTableSwitchInsn(0, starts.length - 1, starts[0], starts);
      for (int i = 0; i < starts.length; i++) {
        code.visitLabel(starts[i]);
        code.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
        run(bodies.get(i), code);
      }
    } else {
      run(bodies.get(0), code);
    }
    code.visitMaxs(0, 0);
    code.visitEnd();
  }

  private void run(Body body, MethodVisitor code) {
    Handle target = body.target;
    Type[] captured = site.getArgumentTypes();
    boolean makes = target.getTag() == Opcodes.H_NEWINVOKESPECIAL;
    if (makes) {
      code.visitTypeInsn(Opcodes.NEW, target.getOwner());
      code.visitInsn(Opcodes.DUP);
    }
    Type[] wanted = wanted(target);
    int at = 0;
    for (int i = 0; i < captured.length; i++) {
      code.visitVarInsn(Opcodes.ALOAD, 0);
      code.visitFieldInsn(Opcodes.GETFIELD, name, "c" + i, captured[i].getDescriptor());
      Conversion.of(captured[i], wanted[at++], code);
    }
    int slot = 1;
    Type[] given = erased.getArgumentTypes();
    Type[] known = body.instantiated.getArgumentTypes();
    for (int i = 0; i < given.length; i++) {
      code.visitVarInsn(given[i].getOpcode(Opcodes.ILOAD), slot);
      slot += given[i].getSize();
      Conversion.of(given[i], known[i], code);
      Conversion.of(known[i], wanted[at++], code);
    }
    code.visitMethodInsn(
        opcode(target),
        target.getOwner(),
        target.getName(),
        target.getDesc(),
        target.isInterface());
    Type got = makes ? Type.getObjectType(target.getOwner()) : Type.getReturnType(target.getDesc());
    Conversion.of(got, erased.getReturnType(), code);
    code.visitInsn(erased.getReturnType().getOpcode(Opcodes.IRETURN));
  }

  /** What the target takes, its receiver first. */
  private static Type[] wanted(Handle target) {
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

  private int opcode(Handle target) {
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
