package dev.weft.agent.boot;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.lang.reflect.Method;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

final class AccessibleMethodTest {
  @ParameterizedTest
  @CsvSource({
    "1.8,false",
    "9,true",
    "17,true",
    "21,true",
    "23,true",
    "24,false",
    "25,false",
    "x,false"
  })
  void isForTheJavasThatAllowItWithoutAWord(String version, boolean known) {
    assertThat(AccessibleMethod.isKnown(version)).isEqualTo(known);
  }

  @Test
  void aMethodThatModulesHideCanBeCalled() throws ReflectiveOperationException {
    assumeTrue(AccessibleMethod.isKnown(System.getProperty("java.specification.version")));
    Method hidden =
        AccessibleMethod.of(ClassLoader.class, "findBootstrapClassOrNull", String.class);
    assertThat(hidden).isNotNull();
    assertThat(hidden.invoke(null, "java.lang.String")).isEqualTo(String.class);
    Method other = ClassLoader.class.getDeclaredMethod("findBootstrapClassOrNull", String.class);
    assertThat(other.isAccessible()).as("nobody else's").isFalse();
  }

  @Test
  void aMethodThatIsNotThereIsNone() {
    assertThat(AccessibleMethod.of(ClassLoader.class, "noSuchMethod")).isNull();
  }
}
