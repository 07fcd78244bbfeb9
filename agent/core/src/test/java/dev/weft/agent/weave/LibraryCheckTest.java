package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.agent.extension.Library;
import java.io.IOException;
import java.io.InputStream;
import java.net.MalformedURLException;
import java.net.URL;
import java.net.URLConnection;
import java.net.URLStreamHandler;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

final class LibraryCheckTest {
  private static LibraryCheck check(Library.Builder library) {
    return LibraryCheck.of(library.build(), LibraryCheckTest.class.getClassLoader());
  }

  @Test
  void versionsAreComparedNumberByNumber() {
    assertThat(LibraryCheck.compare("4.10", "4.9")).isPositive();
    assertThat(LibraryCheck.compare("4.3", "4.3.0")).isZero();
    assertThat(LibraryCheck.compare("10.1.0-M1", "10.1")).isZero();
    assertThat(LibraryCheck.compare("1.8", "11")).isNegative();
    assertThat(LibraryCheck.compare("99999999999999", "1")).isPositive();
  }

  @Test
  void versionOutOfRangeIsTheReason() {
    Library.Builder junit =
        Library.named("AssertJ")
            .versionFrom("META-INF/maven/org.assertj/assertj-core/pom.properties", "version");
    LibraryCheck fits = check(junit.versions("3.0", "4.0"));
    assertThat(fits.reason()).isNull();
    assertThat(fits.version()).startsWith("3.");
    assertThat(check(junit.versions("4.0", "5.0")).reason())
        .isEqualTo("version " + fits.version() + " is not one of 4.0 up to before 5.0");
    assertThat(check(junit.versions("3.0", "4.0").except("2.9", "3.0")).reason()).isNull();
    assertThat(check(junit.except("3.0", "3.999")).reason())
        .isEqualTo(
            "version "
                + fits.version()
                + " is one of those from 3.0 up to before 3.999, which are left out");
  }

  /** A version as some libraries keep it. */
  static final String VERSION = "1.5.2";

  @Test
  void versionIsReadFromAConstant() {
    Library.Builder library =
        Library.named("x").versionFromConstant(LibraryCheckTest.class.getName(), "VERSION");
    assertThat(check(library).version()).isEqualTo("1.5.2");
    assertThat(check(library.versions("2", null)).reason())
        .isEqualTo("version 1.5.2 is not one of 2 and later");
    assertThat(
            check(
                    Library.named("x")
                        .versionFromConstant("no.Such", "VERSION")
                        .versionFromConstant(LibraryCheckTest.class.getName(), "NONE"))
                .version())
        .isEqualTo("unknown");
  }

  @Test
  void versionIsReadFromTheManifestOfTheClasssJar() {
    assertThat(check(Library.named("x").versionFromManifest(Test.class.getName())).version())
        .matches("[56]\\.\\d+\\.\\d+");
    assertThat(
            check(Library.named("x").versionFromManifest(LibraryCheckTest.class.getName()))
                .version())
        .as("classes in a folder have no manifest")
        .isEqualTo("unknown");
    assertThat(check(Library.named("x").versionFromManifest("no.Such")).version())
        .isEqualTo("unknown");
  }

  @ParameterizedTest
  @EnumSource
  void aManifestThatCannotBeReadIsNone(Missing how) {
    ClassLoader bundles =
        new ClassLoader(LibraryCheckTest.class.getClassLoader()) {
          @Override
          public URL getResource(String name) {
            return url("bundle://1/" + name, how);
          }
        };
    Library library = Library.named("x").versionFromManifest(Test.class.getName()).build();
    assertThat(LibraryCheck.of(library, bundles).version()).isEqualTo("unknown");
    assertThat(LibraryCheck.of(library, bundles).reason()).isNull();
  }

  /** What handlers of URLs do about a file that is not there. */
  enum Missing {
    WHEN_OPENED,
    WHEN_READ,
    NOTHING_READ
  }

  private static URL url(String text, Missing how) {
    URLStreamHandler handler =
        new URLStreamHandler() {
          @Override
          protected URLConnection openConnection(URL url) throws IOException {
            if (how == Missing.WHEN_OPENED) {
              throw new IOException("no such resource");
            }
            return new URLConnection(url) {
              @Override
              public void connect() {}

              @Override
              public InputStream getInputStream() throws IOException {
                if (how == Missing.WHEN_READ) {
                  throw new IOException("no such resource");
                }
                return null;
              }
            };
          }
        };
    try {
      return new URL(null, text, handler);
    } catch (MalformedURLException e) {
      throw new AssertionError(e);
    }
  }

  @Test
  void unknownVersionLeavesItToTheShape() {
    Library.Builder library = Library.named("none").versions("1", "2").versionFrom("nothing", "x");
    assertThat(check(library).version()).isEqualTo("unknown");
    assertThat(check(library).reason()).isNull();
  }

  @Test
  void missingClassOrMemberIsTheReason() {
    String name = LibraryCheck.class.getName();
    assertThat(
            check(Library.named("x").requires(name, "version", "version:Ljava/lang/String;"))
                .reason())
        .isNull();
    assertThat(check(Library.named("x").requires(name, "of()V")).reason())
        .isEqualTo("its class " + name + " has no of()V");
    assertThat(check(Library.named("x").requiresOneOf(name, "of()V", "version")).reason()).isNull();
    assertThat(check(Library.named("x").requiresOneOf(name, "of()V", "no()V")).reason())
        .isEqualTo("its class " + name + " has none of [of()V, no()V]");
    assertThat(check(Library.named("x").requires("no.Such")).reason())
        .isEqualTo("it has no class no.Such");
  }

  @Test
  void loaderThatHidesWhatWovenCodeCallsIsTheReason() {
    ClassLoader module =
        new ClassLoader(LibraryCheckTest.class.getClassLoader()) {
          @Override
          protected Class<?> loadClass(String name, boolean resolve) throws ClassNotFoundException {
            if (name.startsWith("dev.weft.bootstrap.")) {
              throw new ClassNotFoundException(name);
            }
            return super.loadClass(name, resolve);
          }
        };
    assertThat(LibraryCheck.of(Library.named("x").build(), module).reason())
        .contains("does not look for dev.weft.bootstrap");
  }
}
