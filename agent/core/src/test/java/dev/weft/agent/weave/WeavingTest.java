package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.Role;
import java.lang.reflect.InvocationTargetException;
import java.nio.file.Path;
import java.util.Collections;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.ClassWriter;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.Label;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class WeavingTest {
  /**
   * {@code int twice(int n) { if (n < 0) throw new IllegalArgumentException(); return n + n; }}.
   */
  private static byte[] sample(int major, boolean helper) {
    ClassWriter writer = new ClassWriter(ClassWriter.COMPUTE_FRAMES);
    writer.visit(major, Opcodes.ACC_PUBLIC, "library/Sample", null, "java/lang/Object", null);
    MethodVisitor method =
        writer.visitMethod(Opcodes.ACC_PUBLIC | Opcodes.ACC_STATIC, "twice", "(I)I", null, null);
    method.visitCode();
    Label legal = new Label();
    method.visitVarInsn(Opcodes.ILOAD, 0);
    method.visitJumpInsn(Opcodes.IFGE, legal);
    method.visitTypeInsn(Opcodes.NEW, "java/lang/IllegalArgumentException");
    method.visitInsn(Opcodes.DUP);
    method.visitMethodInsn(
        Opcodes.INVOKESPECIAL, "java/lang/IllegalArgumentException", "<init>", "()V", false);
    method.visitInsn(Opcodes.ATHROW);
    method.visitLabel(legal);
    method.visitVarInsn(Opcodes.ILOAD, 0);
    method.visitInsn(Opcodes.DUP);
    method.visitInsn(Opcodes.IADD);
    method.visitInsn(Opcodes.IRETURN);
    method.visitMaxs(0, 0);
    method.visitEnd();
    if (helper) {
      writer.visitField(Opcodes.ACC_PRIVATE, "field", "I", null, null).visitEnd();
    }
    writer.visitEnd();
    return writer.toByteArray();
  }

  private final InstrumentationIndex index =
      InstrumentationIndex.of(Collections.singletonList(new SampleModule()));

  private static Class<?> define(byte[] bytes) {
    return new ClassLoader(WeavingTest.class.getClassLoader()) {
      Class<?> define() {
        return defineClass("library.Sample", bytes, 0, bytes.length);
      }
    }.define();
  }

  private static Object twice(Class<?> type, int argument) throws Throwable {
    try {
      return type.getMethod("twice", int.class).invoke(null, argument);
    } catch (InvocationTargetException e) {
      throw e.getCause();
    }
  }

  @ParameterizedTest
  @ValueSource(
      ints = {Opcodes.V1_4, Opcodes.V1_5, Opcodes.V1_6, Opcodes.V1_7, Opcodes.V1_8, Opcodes.V17})
  void weavesClassFilesOfEveryAge(int major) throws Throwable {
    InstrumentationReport report = InstrumentationReport.of(index);
    byte[] woven =
        WeavingTransformer.of(index, report, false)
            .transform(
                getClass().getClassLoader(), "library/Sample", null, null, sample(major, true));
    Class<?> type = define(woven);
    assertThat(twice(type, 4)).isEqualTo(-8);
    assertThatThrownBy(() -> twice(type, 101))
        .isInstanceOf(IllegalStateException.class)
        .hasMessage("refused");
    assertThatThrownBy(() -> twice(type, 13)).as("a failing enter").hasMessage("refused");
    assertThatThrownBy(() -> twice(type, -1)).isInstanceOf(IllegalArgumentException.class);
    assertThat(report.entries())
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.state()).isEqualTo("applied");
              assertThat(e.classes()).containsExactly("library.Sample");
            });
  }

  @Test
  void takesWhatAnEarlierStartHasWovenFromTheSameBytes(@TempDir Path cache) throws Throwable {
    byte[] bytes = sample(Opcodes.V1_8, true);
    byte[] woven = start(cache).transform(null, "library/Sample", null, null, bytes);
    assertThat(twice(define(woven), 4)).isEqualTo(-8);
    // Not what weaving gives: it can only be from there.
    byte[] planted = sample(Opcodes.V1_8, false);
    WovenClasses.of(cache.toFile(), "build", Runnable::run)
        .keep(new WovenFile(SampleModule.class.getName(), "library.Sample", bytes), planted);
    assertThat(start(cache).transform(null, "library/Sample", null, null, bytes))
        .isEqualTo(planted);
    byte[] others = sample(Opcodes.V1_7, true);
    assertThat(start(cache).transform(null, "library/Sample", null, null, others))
        .isNotEqualTo(planted);
  }

  private WeavingTransformer start(Path cache) {
    return WeavingTransformer.finding(
        WovenClasses.of(cache.toFile(), "build", Runnable::run),
        index,
        InstrumentationReport.of(index),
        false);
  }

  @Test
  void addsNoMemberAndKeepsTheVersion() {
    byte[] bytes = sample(Opcodes.V1_6, true);
    byte[] woven =
        WeavingTransformer.of(index, InstrumentationReport.of(index), false)
            .transform(getClass().getClassLoader(), "library/Sample", null, null, bytes);
    assertThat(members(woven)).isEqualTo(members(bytes));
  }

  private static String members(byte[] bytes) {
    StringBuilder all = new StringBuilder();
    new ClassReader(bytes)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public void visit(int v, int access, String n, String s, String sup, String[] i) {
                all.append(v).append(' ').append(access).append(' ').append(sup);
              }

              @Override
              public MethodVisitor visitMethod(int a, String n, String d, String s, String[] e) {
                all.append(' ').append(a).append(n).append(d);
                return null;
              }

              @Override
              public FieldVisitor visitField(int a, String n, String d, String s, Object v) {
                all.append(' ').append(a).append(n).append(d);
                return null;
              }
            },
            0);
    return all.toString();
  }

  @Test
  void classesOutsideTheGateAreLeftAlone() {
    WeavingTransformer transformer =
        WeavingTransformer.of(index, InstrumentationReport.of(index), false);
    assertThat(transformer.transform(null, "library/Other", null, null, new byte[0])).isNull();
    assertThat(transformer.transform(null, null, null, null, new byte[0])).isNull();
  }

  @Test
  void misfitIsReportedAndLeavesTheClassUnlessFailureIsDenied() throws Throwable {
    InstrumentationIndex misfit =
        InstrumentationIndex.of(
            Collections.singletonList(
                new SampleModule(
                    Role.ENFORCING,
                    AdviceBinding.of("twice", "(J)J", "dev.weft.agent.weave.SampleAdvice"))));
    InstrumentationReport report = InstrumentationReport.of(misfit);
    ClassLoader loader = getClass().getClassLoader();
    assertThat(
            WeavingTransformer.of(misfit, report, false)
                .transform(loader, "library/Sample", null, null, sample(Opcodes.V1_8, false)))
        .isNull();
    assertThat(report.entries())
        .singleElement()
        .satisfies(
            e -> {
              assertThat(e.state()).isEqualTo("not-applied");
              assertThat(e.reason()).isEqualTo("class library.Sample has no method twice(J)J");
            });
  }

  @ParameterizedTest
  @ValueSource(ints = {Opcodes.V1_5, Opcodes.V1_8})
  void enforcingAdviceThatCannotBeWovenClosesTheMethodWhenFailureIsDenied(int major) {
    AdviceBinding broken = AdviceBinding.of("twice", "(I)I", "dev.weft.agent.weave.NoSuchAdvice");
    ClassLoader loader = getClass().getClassLoader();
    InstrumentationIndex enforcing =
        InstrumentationIndex.of(
            Collections.singletonList(new SampleModule(Role.ENFORCING, broken)));
    Class<?> type =
        define(
            WeavingTransformer.of(enforcing, InstrumentationReport.of(enforcing), true)
                .transform(loader, "library/Sample", null, null, sample(major, false)));
    assertThatThrownBy(() -> twice(type, 4))
        .isInstanceOf(IllegalStateException.class)
        .hasMessageContaining("on-agent-failure");

    InstrumentationIndex observing =
        InstrumentationIndex.of(
            Collections.singletonList(new SampleModule(Role.OBSERVING, broken)));
    assertThat(
            WeavingTransformer.of(observing, InstrumentationReport.of(observing), true)
                .transform(loader, "library/Sample", null, null, sample(major, false)))
        .isNull();
  }

  @Test
  void indexSurvivesBeingWritten() throws Exception {
    String text = index.write();
    InstrumentationIndex read =
        InstrumentationIndex.read(new java.io.ByteArrayInputStream(text.getBytes("UTF-8")));
    assertThat(read.write()).isEqualTo(text);
    assertThat(read.contains("library/Sample")).isTrue();
    assertThat(read.modulesOf("library/Sample").get(0).module()).isInstanceOf(SampleModule.class);
    assertThat(read.moduleOfHook(WeavingTest.class, "dev.weft.agent.weave.SomeHook")).isNotNull();
    assertThat(read.moduleOfHook(WeavingTest.class, "dev.weft.other.SomeHook")).isNull();
  }
}
