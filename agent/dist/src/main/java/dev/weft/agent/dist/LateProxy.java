package dev.weft.agent.dist;

import java.lang.annotation.Annotation;
import java.lang.reflect.AnnotatedElement;
import java.lang.reflect.Method;
import java.lang.reflect.Modifier;
import java.util.Set;
import java.util.SortedMap;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.Type;

/**
 * {@code X$Late}, the class of a proxy for an interface {@code X} of ByteBuddy: made of a type, it
 * asks the real one, made of the same type, when it is first asked itself.
 *
 * <p>There are two kinds. A dispatcher speaks for a class of the JDK that may be older than a
 * method; it is also the action that callers with privileges take to get it. A description stands
 * for a loaded type, and is equal to what it stands for.
 */
final class LateProxy {
  static final String DISPATCHER = "utility/dispatcher/JavaDispatcher";
  static final String GENERIC = "description/type/TypeDescription$Generic";

  private static final String ACTION = "java/security/PrivilegedAction";
  static final String DISPATCHER_FACTORY = "(Ljava/lang/Class;)L" + ACTION + ";";

  private static final String CLASS = "Ljava/lang/Class;";
  private static final String REAL = "real";
  private static final String MISSING = "java/lang/ClassNotFoundException";

  /** What weaving asks dispatchers besides, and every JDK that the agent runs on has. */
  private static final Set<String> SINCE_JAVA_8 =
      Set.of("java.lang.reflect.Executable.getParameterCount");

  private final String home;
  private final String proxied;
  private final boolean describes;
  private final String late;

  LateProxy(String home, String proxied) {
    this.home = home;
    this.proxied = proxied;
    this.describes = proxied.equals(home + GENERIC);
    this.late = proxied + "$Late";
  }

  String name() {
    return late;
  }

  String resource() {
    return late + ".class";
  }

  /** Of the static method {@code of}. */
  String factoryDescriptor() {
    return describes ? "(" + CLASS + ")L" + proxied + ";" : DISPATCHER_FACTORY;
  }

  byte[] file() {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_MAXS);
    writer.visit(
        Opcodes.V1_8,
        Opcodes.ACC_FINAL | Opcodes.ACC_SUPER | Opcodes.ACC_SYNTHETIC,
        late,
        null,
        "java/lang/Object",
        describes ? new String[] {proxied} : new String[] {proxied, ACTION});
    writer.visitField(Opcodes.ACC_PRIVATE | Opcodes.ACC_FINAL, "type", CLASS, null, null);
    writer.visitField(
        Opcodes.ACC_PRIVATE | Opcodes.ACC_VOLATILE, REAL, "L" + proxied + ";", null, null);
    construct(writer);
    real(writer);
    methods(writer);
    writer.visitEnd();
    return writer.toByteArray();
  }

  private void construct(ClassWriter writer) {
    String parameters = "(" + CLASS + ")V";
    MethodVisitor made = method(writer, 0, "<init>", parameters);
    made.visitVarInsn(Opcodes.ALOAD, 0);
    made.visitMethodInsn(Opcodes.INVOKESPECIAL, "java/lang/Object", "<init>", "()V", false);
    made.visitVarInsn(Opcodes.ALOAD, 0);
    made.visitVarInsn(Opcodes.ALOAD, 1);
    made.visitFieldInsn(Opcodes.PUTFIELD, late, "type", CLASS);
    end(made, Opcodes.RETURN);
    MethodVisitor of = method(writer, Opcodes.ACC_STATIC, "of", factoryDescriptor());
    of.visitTypeInsn(Opcodes.NEW, late);
    of.visitInsn(Opcodes.DUP);
    of.visitVarInsn(Opcodes.ALOAD, 0);
    of.visitMethodInsn(Opcodes.INVOKESPECIAL, late, "<init>", parameters, false);
    end(of, Opcodes.ARETURN);
  }

  /** What the original code made at once. Made twice by two threads, both are the same. */
  private void real(ClassWriter writer) {
    String field = "L" + proxied + ";";
    MethodVisitor real = method(writer, Opcodes.ACC_PRIVATE, REAL, "()" + field);
    Label there = new Label();
    real.visitVarInsn(Opcodes.ALOAD, 0);
    real.visitFieldInsn(Opcodes.GETFIELD, late, REAL, field);
    real.visitJumpInsn(Opcodes.IFNONNULL, there);
    real.visitVarInsn(Opcodes.ALOAD, 0);
    real.visitVarInsn(Opcodes.ALOAD, 0);
    real.visitFieldInsn(Opcodes.GETFIELD, late, "type", CLASS);
    String maker = home + (describes ? GENERIC + "$OfNonGenericType$ForLoadedType" : DISPATCHER);
    real.visitMethodInsn(Opcodes.INVOKESTATIC, maker, "of", factoryDescriptor(), false);
    if (!describes) {
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
    end(real, Opcodes.ARETURN);
  }

  private void methods(ClassWriter writer) {
    Class<?> type = load();
    // Sorted: the order in which reflection gives methods is not the same each time.
    SortedMap<String, Method> methods = new TreeMap<>();
    collect(type, methods);
    if (describes) {
      collect(Object.class, methods);
    } else {
      MethodVisitor run = method(writer, Opcodes.ACC_PUBLIC, "run", "()Ljava/lang/Object;");
      run.visitVarInsn(Opcodes.ALOAD, 0);
      end(run, Opcodes.ARETURN);
    }
    Annotation named = mark(type, "$Proxied");
    String name = named == null ? "" : nameIn(named);
    for (Method method : methods.values()) {
      MethodVisitor call =
          method(writer, Opcodes.ACC_PUBLIC, method.getName(), Type.getMethodDescriptor(method));
      if (mark(method, "$Instance") != null) {
        isInstance(call, name);
      } else if (SINCE_JAVA_8.contains(name + "." + method.getName())) {
        direct(call, method, name.replace('.', '/'));
      } else {
        delegate(call, method);
      }
    }
  }

  private static void collect(Class<?> type, SortedMap<String, Method> methods) {
    for (Method method : type.getMethods()) {
      if (!Modifier.isFinal(method.getModifiers())) {
        methods.putIfAbsent(method.getName() + Type.getMethodDescriptor(method), method);
      }
    }
  }

  private void delegate(MethodVisitor call, Method method) {
    call.visitVarInsn(Opcodes.ALOAD, 0);
    call.visitMethodInsn(Opcodes.INVOKESPECIAL, late, REAL, "()L" + proxied + ";", false);
    int local = 1;
    for (Type argument : Type.getArgumentTypes(method)) {
      call.visitVarInsn(argument.getOpcode(Opcodes.ILOAD), local);
      local += argument.getSize();
    }
    boolean ofObject = method.getDeclaringClass() == Object.class;
    call.visitMethodInsn(
        ofObject ? Opcodes.INVOKEVIRTUAL : Opcodes.INVOKEINTERFACE,
        ofObject ? "java/lang/Object" : proxied,
        method.getName(),
        Type.getMethodDescriptor(method),
        !ofObject);
    end(call, Type.getReturnType(method).getOpcode(Opcodes.IRETURN));
  }

  /**
   * {@code Dispatcher.isInstance(value)} of a type that an older JDK may not have: what weaving
   * asks, so it does not get to the real one either.
   */
  private static void isInstance(MethodVisitor is, String name) {
    Label start = new Label();
    Label end = new Label();
    Label missing = new Label();
    is.visitTryCatchBlock(start, end, missing, MISSING);
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
    is.visitFrame(Opcodes.F_SAME1, 0, null, 1, new Object[] {MISSING});
    is.visitInsn(Opcodes.POP);
    is.visitInsn(Opcodes.ICONST_0);
    end(is, Opcodes.IRETURN);
  }

  /** {@code Dispatcher.method(receiver)} of a class that is there. */
  private static void direct(MethodVisitor call, Method method, String owner) {
    Type returned = Type.getReturnType(method);
    call.visitVarInsn(Opcodes.ALOAD, 1);
    call.visitTypeInsn(Opcodes.CHECKCAST, owner);
    call.visitMethodInsn(
        Opcodes.INVOKEVIRTUAL, owner, method.getName(), "()" + returned.getDescriptor(), false);
    end(call, returned.getOpcode(Opcodes.IRETURN));
  }

  private static MethodVisitor method(ClassWriter writer, int access, String name, String type) {
    MethodVisitor method = writer.visitMethod(access, name, type, null, null);
    method.visitCode();
    return method;
  }

  private static void end(MethodVisitor method, int returning) {
    method.visitInsn(returning);
    method.visitMaxs(0, 0);
    method.visitEnd();
  }

  /** Name of the type that a dispatcher speaks for. */
  private static String nameIn(Annotation proxied) {
    try {
      return (String) proxied.annotationType().getMethod("value").invoke(proxied);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("ByteBuddy's " + proxied + " names no type", e);
    }
  }

  /** What an annotation of dispatchers says, or null. */
  private @Nullable Annotation mark(AnnotatedElement element, String mark) {
    String wanted = (home + DISPATCHER + mark).replace('/', '.');
    for (Annotation annotation : element.getAnnotations()) {
      if (annotation.annotationType().getName().equals(wanted)) {
        return annotation;
      }
    }
    return null;
  }

  private Class<?> load() {
    try {
      return Class.forName(proxied.replace('/', '.'), false, LateProxy.class.getClassLoader());
    } catch (ClassNotFoundException e) {
      throw new IllegalStateException("ByteBuddy's " + proxied + " is not there", e);
    }
  }
}
