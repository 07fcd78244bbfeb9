package dev.weft.agent.dist;

import java.util.List;
import org.jspecify.annotations.Nullable;
import org.objectweb.asm.AnnotationVisitor;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.FieldVisitor;
import org.objectweb.asm.Label;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;
import org.objectweb.asm.TypePath;

/**
 * Takes out of a class file what nothing reads while the agent runs. The JVM keeps it in metaspace
 * and its symbol table, and passes every transformer a copy of it (docs/adr/0006).
 *
 * <p>Gone are the names of local variables and the marks of null checkers; from third parties also
 * line numbers and generic signatures. Their stack traces keep class and method. What every start
 * loads of them states the types it returns ({@link StatedTypes}).
 */
final class Slimmer extends ClassVisitor {
  private static final String THIRD_PARTY = "dev/weft/shaded/";

  /** Third parties that every start loads, none of which is on a request's way. */
  private static final List<String> AT_START =
      List.of(THIRD_PARTY + "com/fasterxml/jackson/", THIRD_PARTY + "net/bytebuddy/");

  private final boolean thirdParty;
  private final boolean atStart;

  private Slimmer(ClassWriter writer, String name) {
    super(Opcodes.ASM9, writer);
    this.thirdParty = name.startsWith(THIRD_PARTY);
    this.atStart = AT_START.stream().anyMatch(name::startsWith);
  }

  /** The slim class file of the resource {@code name}. */
  static byte[] slim(String name, byte[] file) {
    boolean thirdParty = name.startsWith(THIRD_PARTY);
    ClassWriter writer = new ClassWriter(0);
    new ClassReader(file)
        .accept(new Slimmer(writer, name), thirdParty ? ClassReader.SKIP_DEBUG : 0);
    return writer.toByteArray();
  }

  /** Whether an annotation is for tools that read source code or class files at build time. */
  private static boolean forTools(String annotation) {
    return annotation.startsWith("Lorg/jspecify/")
        || annotation.contains("/bytebuddy/utility/nullability/")
        || annotation.contains("/bytebuddy/build/");
  }

  private @Nullable String kept(@Nullable String generic) {
    return thirdParty ? null : generic;
  }

  @Override
  public void visit(
      int v,
      int access,
      String name,
      @Nullable String generic,
      @Nullable String s,
      String @Nullable [] interfaces) {
    super.visit(v, access, name, kept(generic), s, interfaces);
  }

  @Override
  public @Nullable AnnotationVisitor visitAnnotation(String type, boolean visible) {
    return forTools(type) ? null : super.visitAnnotation(type, visible);
  }

  @Override
  public @Nullable AnnotationVisitor visitTypeAnnotation(
      int ref, @Nullable TypePath path, String type, boolean v) {
    return forTools(type) ? null : super.visitTypeAnnotation(ref, path, type, v);
  }

  @Override
  public FieldVisitor visitField(
      int access, String name, String type, @Nullable String generic, @Nullable Object o) {
    FieldVisitor field = super.visitField(access, name, type, kept(generic), o);
    return new FieldVisitor(Opcodes.ASM9, field) {
      @Override
      public @Nullable AnnotationVisitor visitAnnotation(String mark, boolean visible) {
        return forTools(mark) ? null : super.visitAnnotation(mark, visible);
      }

      @Override
      public @Nullable AnnotationVisitor visitTypeAnnotation(
          int ref, @Nullable TypePath path, String mark, boolean v) {
        return forTools(mark) ? null : super.visitTypeAnnotation(ref, path, mark, v);
      }
    };
  }

  @Override
  public MethodVisitor visitMethod(
      int access,
      String name,
      String descriptor,
      @Nullable String generic,
      String @Nullable [] exceptions) {
    MethodVisitor method = super.visitMethod(access, name, descriptor, kept(generic), exceptions);
    MethodVisitor stated = atStart ? new StatedTypes(method, descriptor) : method;
    return new MethodVisitor(Opcodes.ASM9, stated) {
      @Override
      public @Nullable AnnotationVisitor visitAnnotation(String mark, boolean visible) {
        return forTools(mark) ? null : super.visitAnnotation(mark, visible);
      }

      @Override
      public @Nullable AnnotationVisitor visitTypeAnnotation(
          int ref, @Nullable TypePath path, String mark, boolean v) {
        return forTools(mark) ? null : super.visitTypeAnnotation(ref, path, mark, v);
      }

      @Override
      public @Nullable AnnotationVisitor visitParameterAnnotation(
          int parameter, String mark, boolean v) {
        return forTools(mark) ? null : super.visitParameterAnnotation(parameter, mark, v);
      }

      @Override
      public @Nullable AnnotationVisitor visitLocalVariableAnnotation(
          int ref,
          @Nullable TypePath path,
          Label[] from,
          Label[] to,
          int[] index,
          String mark,
          boolean v) {
        return null;
      }

      @Override
      public void visitLocalVariable(
          String variable,
          String type,
          @Nullable String generic,
          Label start,
          Label end,
          int index) {}
    };
  }
}
