package dev.weft.agent.dist;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * Gives the proxies that ByteBuddy makes when its classes are initialised class files of their own,
 * which make what stands behind them when it is first asked. Weaving asks hardly any, yet each
 * proxy is a class that the JDK's own copy of ASM writes while the application starts
 * (docs/adr/0230).
 */
final class LateProxies {
  private static final String HOME = "net/bytebuddy/";
  private static final String DISPATCHER = "utility/dispatcher/JavaDispatcher";
  private static final String GENERIC = "description/type/TypeDescription$Generic";
  private static final String SUFFIX = "$Late";
  private static final String ACTION = "java/security/PrivilegedAction";
  private static final String REAL = "real";

  /** What weaving asks besides, and every JDK that the agent runs on has. */
  private static final Set<String> SINCE_JAVA_8 =
      Set.of("java.lang.reflect.Executable.getParameterCount");

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
    ClassReader reader = new ClassReader(file);
    // No pool is shared: what the rewritten methods do not use any more is to go.
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    boolean lazy = name.equals(home + GENERIC + "$LazyProxy.class");
    reader.accept(
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
    String late = generate(home + GENERIC, true);
    method.visitCode();
    method.visitVarInsn(Opcodes.ALOAD, 0);
    method.visitMethodInsn(Opcodes.INVOKESTATIC, late, "of", factory(home + GENERIC, true), false);
    method.visitInsn(Opcodes.ARETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
  }

  /** {@code JavaDispatcher.of(X.class)}, with a constant, becomes {@code X$Late.of()}. */
  private final class Calls extends MethodVisitor {
    private @Nullable Type pending;

    Calls(MethodVisitor next) {
      super(Opcodes.ASM9, next);
    }

    private void flush() {
      Type constant = pending;
      if (constant != null) {
        pending = null;
        super.visitLdcInsn(constant);
      }
    }

    @Override
    public void visitLdcInsn(Object value) {
      flush();
      if (value instanceof Type type && type.getSort() == Type.OBJECT) {
        pending = type;
      } else {
        super.visitLdcInsn(value);
      }
    }

    @Override
    public void visitMethodInsn(int opcode, String owner, String name, String type, boolean face) {
      Type of = pending;
      if (of != null
          && owner.equals(home + DISPATCHER)
          && name.equals("of")
          && type.equals("(Ljava/lang/Class;)L" + ACTION + ";")) {
        pending = null;
        String proxied = of.getInternalName();
        super.visitMethodInsn(
            Opcodes.INVOKESTATIC, generate(proxied, false), "of", factory(proxied, false), false);
        return;
      }
      flush();
      super.visitMethodInsn(opcode, owner, name, type, face);
    }

    @Override
    public void visitInsn(int opcode) {
      flush();
      super.visitInsn(opcode);
    }

    @Override
    public void visitVarInsn(int opcode, int variable) {
      flush();
      super.visitVarInsn(opcode, variable);
    }

    @Override
    public void visitTypeInsn(int opcode, String type) {
      flush();
      super.visitTypeInsn(opcode, type);
    }

    @Override
    public void visitFieldInsn(int opcode, String owner, String name, String type) {
      flush();
      super.visitFieldInsn(opcode, owner, name, type);
    }

    @Override
    public void visitIntInsn(int opcode, int operand) {
      flush();
      super.visitIntInsn(opcode, operand);
    }

    @Override
    public void visitIincInsn(int variable, int by) {
      flush();
      super.visitIincInsn(variable, by);
    }

    @Override
    public void visitJumpInsn(int opcode, Label label) {
      flush();
      super.visitJumpInsn(opcode, label);
    }

    @Override
    public void visitLabel(Label label) {
      flush();
      super.visitLabel(label);
    }

    @Override
    public void visitFrame(int type, int locals, Object[] local, int stacked, Object[] stack) {
      flush();
      super.visitFrame(type, locals, local, stacked, stack);
    }

    @Override
    public void visitLineNumber(int line, Label start) {
      flush();
      super.visitLineNumber(line, start);
    }
  }

  private String factory(String proxied, boolean ofType) {
    return ofType ? "(Ljava/lang/Class;)L" + proxied + ";" : "()L" + ACTION + ";";
  }

  /**
   * {@code X$Late}, if it is not there yet: each method asks what {@code real()} gives.
   *
   * @param ofType whether there is one for each loaded type, which it keeps; otherwise it is the
   *     action as well that a caller with privileges would take to get it
   */
  private String generate(String proxied, boolean ofType) {
    String late = proxied + SUFFIX;
    if (made.containsKey(late + ".class")) {
      return late;
    }
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        late,
        null,
        "java/lang/Object",
        ofType ? new String[] {proxied} : new String[] {proxied, ACTION});
    writer.visitField(
        Opcodes.ACC_PRIVATE | Opcodes.ACC_VOLATILE, REAL, "L" + proxied + ";", null, null);
    if (ofType) {
      writer.visitField(
          Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "type", "Ljava/lang/Class;", null, null);
    }
    construct(writer, late, proxied, ofType);
    real(writer, late, proxied, ofType);
    Map<String, Method> methods = new LinkedHashMap<>();
    for (Method method : load(proxied).getMethods()) {
      methods.putIfAbsent(method.getName() + Type.getMethodDescriptor(method), method);
    }
    if (ofType) {
      for (Method method : Object.class.getMethods()) {
        if (!Modifier.isFinal(method.getModifiers())) {
          methods.putIfAbsent(method.getName() + Type.getMethodDescriptor(method), method);
        }
      }
    } else {
      run(writer);
    }
    // The order in which reflection gives methods is not the same each time.
    Annotation named = mark(load(proxied), "$Proxied");
    String name = named == null ? null : nameIn(named);
    for (Method method : new TreeMap<>(methods).values()) {
      if (name != null && mark(method, "$Instance") != null) {
        isInstance(writer, method.getName(), Type.getMethodDescriptor(method), name);
      } else if (name != null && SINCE_JAVA_8.contains(name + "." + method.getName())) {
        direct(writer, method, name.replace('.', '/'));
      } else {
        delegate(writer, late, proxied, method);
      }
    }
    writer.visitEnd();
    made.put(late + ".class", writer.toByteArray());
    return late;
  }

  private void construct(ClassWriter writer, String late, String proxied, boolean ofType) {
    String parameters = ofType ? "(Ljava/lang/Class;)V" : "()V";
    MethodVisitor made = writer.visitMethod(0, "<init>", parameters, null, null);
    made.visitCode();
    made.visitVarInsn(Opcodes.ALOAD, 0);
    made.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    if (ofType) {
      made.visitVarInsn(Opcodes.ALOAD, 0);
      made.visitVarInsn(Opcodes.ALOAD, 1);
      made.visitFieldInsn(Opcodes.PUTFIELD, late, "type", "Ljava/lang/Class;");
    }
    made.visitInsn(Opcodes.RETURN);
    made.visitMaxs(0, 0);
    made.visitEnd();
    MethodVisitor of =
        writer.visitMethod(Opcodes.ACC_STATIC, "of", factory(proxied, ofType), null, null);
    of.visitCode();
    of.visitTypeInsn(Opcodes.NEW, late);
    of.visitInsn(Opcodes.DUP);
    if (ofType) {
      of.visitVarInsn(Opcodes.ALOAD, 0);
    }
    of.visitMethodInsn(Opcodes.INVOKESPECIAL, late, "<init>", parameters, false);
    of.visitInsn(Opcodes.ARETURN);
    of.visitMaxs(0, 0);
    of.visitEnd();
  }

  /** What the original code made at once. Made twice by two threads, both are the same. */
  private void real(ClassWriter writer, String late, String proxied, boolean ofType) {
    String field = "L" + proxied + ";";
    MethodVisitor real = writer.visitMethod(Opcodes.ACC_PRIVATE, REAL, "()" + field, null, null);
    real.visitCode();
    real.visitVarInsn(Opcodes.ALOAD, 0);
    real.visitFieldInsn(Opcodes.GETFIELD, late, REAL, field);
    Label there = new Label();
    real.visitJumpInsn(Opcodes.IFNONNULL, there);
    real.visitVarInsn(Opcodes.ALOAD, 0);
    if (ofType) {
      real.visitVarInsn(Opcodes.ALOAD, 0);
      real.visitFieldInsn(Opcodes.GETFIELD, late, "type", "Ljava/lang/Class;");
      String loaded = home + GENERIC + "$OfNonGenericType$ForLoadedType";
      real.visitMethodInsn(Opcodes.INVOKESTATIC, loaded, "of", factory(proxied, true), false);
    } else {
      real.visitLdcInsn(Type.getObjectType(proxied));
      real.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          home + DISPATCHER,
          "of",
          "(Ljava/lang/Class;)L" + ACTION + ";",
          false);
      // The caller may be the application, which may be allowed less than the agent is.
      real.visitMethodInsn(
          Opcodes.INVOKESTATIC,
          "java/security/AccessController",
          "doPrivileged",
          "(L" + ACTION + ";)Ljava/lang/Object;",
          false);
      real.visitTypeInsn(Opcodes.CHECKCAST, proxied);
    }
    real.visitFieldInsn(Opcodes.PUTFIELD, late, REAL, field);
    real.visitLabel(there);
    real.visitFrame(Opcodes.F_SAME, 0, null, 0, null);
    real.visitVarInsn(Opcodes.ALOAD, 0);
    real.visitFieldInsn(Opcodes.GETFIELD, late, REAL, field);
    real.visitInsn(Opcodes.ARETURN);
    real.visitMaxs(0, 0);
    real.visitEnd();
  }

  private static void run(ClassWriter writer) {
    MethodVisitor run =
        writer.visitMethod(Opcodes.ACC_PUBLIC, "run", "()Ljava/lang/Object;", null, null);
    run.visitCode();
    run.visitVarInsn(Opcodes.ALOAD, 0);
    run.visitInsn(Opcodes.ARETURN);
    run.visitMaxs(0, 0);
    run.visitEnd();
  }

  private static void delegate(ClassWriter writer, String late, String proxied, Method method) {
    String type = Type.getMethodDescriptor(method);
    MethodVisitor call = writer.visitMethod(Opcodes.ACC_PUBLIC, method.getName(), type, null, null);
    call.visitCode();
    call.visitVarInsn(Opcodes.ALOAD, 0);
    call.visitMethodInsn(Opcodes.INVOKESPECIAL, late, REAL, "()L" + proxied + ";", false);
    int local = 1;
    for (Type argument : Type.getArgumentTypes(type)) {
      call.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
      local += argument.getSize();
    }
    boolean ofObject = method.getDeclaringClass() == Object.class;
    call.visitMethodInsn(
        ofObject ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKEINTERFACE,
        ofObject ? "java/lang/Object" : proxied,
        method.getName(),
        type,
        !ofObject);
    call.visitInsn(Type.getReturnType(type).getOpcode(Opcodes.IRETURN));
    call.visitMaxs(0, 0);
    call.visitEnd();
  }

  /**
   * {@code Dispatcher.isInstance(value)} of a type that an older JDK may not have: what weaving
   * asks, so it does not get to the proxy either.
   */
  private static void isInstance(ClassWriter writer, String method, String type, String name) {
    MethodVisitor is = writer.visitMethod(Opcodes.ACC_PUBLIC, method, type, null, null);
    Label start = new Label();
    Label end = new Label();
    Label missing = new Label();
    is.visitCode();
    is.visitTryCatchBlock(start, end, missing, "java/lang/ClassNotFoundException");
    is.visitLabel(start);
    is.visitLdcInsn(name);
    is.visitMethodInsn(
        Opcodes.INVOKESTATIC,
        "java/lang/Class",
        "forName",
        "(Ljava/lang/String;)Ljava/lang/Class;",
        false);
    is.visitVarInsn(Opcodes.ALOAD, 1);
    is.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, "java/lang/Class", "isInstance", "(Ljava/lang/Object;)Z", false);
    is.visitLabel(end);
    is.visitInsn(Opcodes.IRETURN);
    is.visitLabel(missing);
    is.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {"java/lang/ClassNotFoundException"});
    is.visitInsn(Opcodes.POP);
    is.visitInsn(Opcodes.ICONST_0);
    is.visitInsn(Opcodes.IRETURN);
    is.visitMaxs(0, 0);
    is.visitEnd();
  }

  /** {@code Dispatcher.method(receiver)} of a class that is there. */
  private static void direct(ClassWriter writer, Method method, String owner) {
    MethodVisitor call =
        writer.visitMethod(
            Opcodes.ACC_PUBLIC, method.getName(), Type.getMethodDescriptor(method), null, null);
    Type returned = Type.getReturnType(method);
    call.visitCode();
    call.visitVarInsn(Opcodes.ALOAD, 1);
    call.visitTypeInsn(Opcodes.CHECKCAST, owner);
    call.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, owner, method.getName(), "()" + returned.getDescriptor(), false);
    call.visitInsn(returned.getOpcode(Opcodes.IRETURN));
    call.visitMaxs(0, 0);
    call.visitEnd();
  }

  /** Name of the type that a dispatcher speaks for. */
  private static String nameIn(Annotation proxied) {
    try {
      return (String) proxied.annotationType().getMethod("value").invoke(proxied);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("ByteBuddy's " + proxied + " names no type", e);
    }
  }

  private @Nullable Annotation mark(AnnotatedElement element, String mark) {
    String wanted = (home + DISPATCHER + mark).replace('/', '.');
    for (Annotation annotation : element.getAnnotations()) {
      if (annotation.annotationType().getName().equals(wanted)) {
        return annotation;
      }
    }
    return null;
  }

  private static Class<?> load(String internalName) {
    try {
      return Class.forName(
          internalName.replace('/', '.'), false, LateProxies.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("ByteBuddy's " + internalName + " is not there", e);
    }
  }
}
