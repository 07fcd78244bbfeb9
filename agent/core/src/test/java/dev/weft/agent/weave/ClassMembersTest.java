package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.util.Arrays;
import java.util.HashSet;
import java.util.Set;
import net.bytebuddy.jar.asm.ClassReader;
import net.bytebuddy.jar.asm.ClassVisitor;
import net.bytebuddy.jar.asm.FieldVisitor;
import net.bytebuddy.jar.asm.MethodVisitor;
import net.bytebuddy.jar.asm.Opcodes;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

final class ClassMembersTest {
  static final String TEXT = "a constant";
  static final long NUMBER = 7;

  private static byte[] file(Class<?> type) throws IOException {
    return ClassBytes.read(type.getClassLoader(), type.getName().replace('.', '/') + ".class");
  }

  private static Set<String> asAsmReadsThem(byte[] file) {
    Set<String> members = new HashSet<>();
    new ClassReader(file)
        .accept(
            new ClassVisitor(Opcodes.ASM9) {
              @Override
              public MethodVisitor visitMethod(int a, String name, String d, String s, String[] e) {
                members.addAll(Arrays.asList(name, name + d));
                return null;
              }

              @Override
              public FieldVisitor visitField(int a, String name, String d, String s, Object v) {
                members.addAll(Arrays.asList(name, name + ":" + d));
                return null;
              }
            },
            0);
    return members;
  }

  @ParameterizedTest
  @ValueSource(
      classes = {
        String.class,
        java.util.concurrent.ConcurrentHashMap.class,
        java.lang.invoke.MethodHandles.class,
        java.net.HttpURLConnection.class,
        Runnable.class,
        Override.class,
        ClassReader.class,
        ClassMembersTest.class
      })
  void areThoseThatAsmReads(Class<?> type) throws IOException {
    assertThat(ClassMembers.of(file(type))).isEqualTo(asAsmReadsThem(file(type))).isNotNull();
  }

  @Test
  void aConstantIsFoundWhenItIsAString() throws IOException {
    byte[] file = file(ClassMembersTest.class);
    assertThat(ClassMembers.constant(file, "TEXT")).isEqualTo("a constant");
    assertThat(ClassMembers.constant(file, "NUMBER")).isNull();
    assertThat(ClassMembers.constant(file, "OTHER")).isNull();
  }

  @Test
  void whatIsNoClassFileIsSaid() throws IOException {
    byte[] file = file(Runnable.class);
    for (int length = 0; length < file.length / 2; length++) {
      byte[] part = Arrays.copyOf(file, length);
      assertThatThrownBy(() -> ClassMembers.of(part)).isInstanceOf(IOException.class);
    }
    byte[] other = file.clone();
    other[0] = 'P';
    assertThatThrownBy(() -> ClassMembers.of(other)).hasMessage("not a class file");
    assertThatThrownBy(() -> ClassMembers.constant(other, "x")).hasMessage("not a class file");
  }

  @Test
  void damageNeverLastsNorDoesAnythingElse() throws IOException {
    byte[] file = file(ClassMembersTest.class);
    for (int at = 0; at < file.length; at++) {
      byte[] damaged = file.clone();
      damaged[at] ^= (byte) 0xff;
      try {
        assertThat(ClassMembers.of(damaged)).isNotNull();
      } catch (IOException e) {
        assertThat(e).hasMessage("not a class file");
      }
    }
  }
}
