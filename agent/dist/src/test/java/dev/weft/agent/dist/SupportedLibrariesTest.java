package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.platform.commons.support.AnnotationSupport.isAnnotated;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.instrumentation.testing.support.Limit;
import dev.weft.instrumentation.testing.support.StatedLimits;
import dev.weft.instrumentation.testing.support.Support;
import dev.weft.instrumentation.testing.support.SupportFile;
import java.io.IOException;
import java.lang.reflect.Method;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Map;
import java.util.ServiceLoader;
import java.util.Set;
import java.util.TreeMap;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestFactory;
import org.junit.jupiter.api.extension.ExtendWith;
import org.junit.platform.commons.annotation.Testable;
import org.junit.platform.commons.support.HierarchyTraversalMode;
import org.junit.platform.commons.support.ReflectionSupport;

/**
 * docs/supported-libraries.md says what the units state, and the units state what the build runs.
 */
final class SupportedLibrariesTest {
  private static final Path ROOT = Path.of("..", "..").toAbsolutePath().normalize();
  private static final Path PAGE = ROOT.resolve("docs/supported-libraries.md");
  private static final String SERVICES =
      "src/main/resources/META-INF/services/" + InstrumentationModule.class.getName();

  /** JDKs that the tests are meant for; the build's own, and a newer one where it is found. */
  private static final List<String> RUNTIMES = List.of("17", "25");

  private static final Path DISTRIBUTIONS = ROOT.resolve("integration-tests/suite/pom.xml");

  private static final Map<String, InstrumentationModule> MODULES = new TreeMap<>();
  private static final Map<Path, List<Support>> UNITS = new TreeMap<>();

  @BeforeAll
  static void read() throws IOException {
    for (InstrumentationModule module : ServiceLoader.load(InstrumentationModule.class)) {
      MODULES.put(module.name(), module);
    }
    try (Stream<Path> folders = Files.list(ROOT.resolve("instrumentation"))) {
      folders
          .filter(folder -> Files.exists(folder.resolve(SERVICES)))
          .forEach(folder -> UNITS.put(folder, SupportFile.in(folder)));
    }
  }

  @Test
  void thePageIsMadeFromTheUnits() throws IOException {
    String page = Files.readString(PAGE);
    List<Support> all = UNITS.values().stream().flatMap(List::stream).toList();
    String made = new SupportPage(all, MODULES).regenerate(page);
    for (Support support : all) {
      assertThat(made).contains("<!-- generated: " + support.family() + " -->");
    }
    if (Boolean.getBoolean("weft.write-docs")) {
      Files.writeString(PAGE, made);
    } else {
      assertThat(page)
          .as(
              "out of date: ./mvnw -Dweft.write-docs=true -pl agent/dist -am test -Dtest=%s",
              getClass().getSimpleName())
          .isEqualTo(made);
    }
  }

  @Test
  void everyModuleIsStatedOnce() {
    List<String> stated = new ArrayList<>();
    UNITS.values().forEach(rows -> rows.forEach(row -> stated.addAll(row.units())));
    assertThat(stated).containsExactlyInAnyOrderElementsOf(MODULES.keySet());
  }

  @Test
  void everyServerHasAGuardAndNothingElseHas() {
    for (List<Support> rows : UNITS.values()) {
      for (Support row : rows) {
        assertThat(row.units().stream().anyMatch(u -> MODULES.get(u).guardsApplication()))
            .as("%s: the enforcing module of a server guardsApplication()", row.library())
            .isEqualTo(row.family().equals("server"));
      }
    }
  }

  @Test
  void everyVersionStatedIsOneThatTheTestsRunOn() throws Exception {
    for (Map.Entry<Path, List<Support>> unit : UNITS.entrySet()) {
      PomVersions pom = PomVersions.of(unit.getKey().resolve("pom.xml"));
      PomVersions distributions = PomVersions.of(DISTRIBUTIONS);
      Set<String> stated = new HashSet<>();
      for (Support row : unit.getValue()) {
        assertThat(row.tested()).as(row.library()).isNotEmpty();
        Set<String> used = isWoven(row) ? pom.used() : distributions.used();
        assertThat(ofTheRuntime(row) ? Set.copyOf(RUNTIMES) : used)
            .as("versions in the pom of %s", unit.getKey().getFileName())
            .containsAll(row.tested())
            .containsAll(row.testedFull());
        stated.addAll(row.tested());
        stated.addAll(row.testedFull());
      }
      assertThat(stated)
          .as("versions that %s states", unit.getKey().getFileName())
          .containsAll(pom.told());
    }
  }

  /** What is only recognised is tried as a whole: there is nothing in it to call. */
  private static boolean isWoven(Support row) {
    return row.units().stream()
        .map(MODULES::get)
        .anyMatch(m -> m.library().reasonNotWoven() == null);
  }

  private static boolean ofTheRuntime(Support row) {
    return row.units().stream()
        .map(MODULES::get)
        .flatMap(m -> m.library().versionSources().stream())
        .anyMatch(Library.VersionSource::ofJavaRuntime);
  }

  @Test
  void everyCaseThatAUnitCannotDoIsOneOfAContract() {
    Set<String> cases = contractCases();
    assertThat(cases).contains("methodsArriveAsTheyAre", "permissiveServesBoth");
    for (List<Support> rows : UNITS.values()) {
      rows.stream()
          .flatMap(row -> row.cannot().stream())
          .map(Limit::contractCase)
          .filter(name -> name != null)
          .forEach(name -> assertThat(cases).contains(name));
    }
  }

  /** The names of the test methods of all suites that hold units to their stated limits. */
  private static Set<String> contractCases() {
    Set<String> cases = new HashSet<>();
    for (Class<?> type :
        ReflectionSupport.findAllClassesInPackage(
            "dev.weft.instrumentation.testing", SupportedLibrariesTest::holdsToLimits, n -> true)) {
      ReflectionSupport.findMethods(type, n -> true, HierarchyTraversalMode.TOP_DOWN).stream()
          .filter(m -> isAnnotated(m, Testable.class) || isAnnotated(m, TestFactory.class))
          .map(Method::getName)
          .forEach(cases::add);
    }
    return cases;
  }

  private static boolean holdsToLimits(Class<?> type) {
    return Arrays.stream(type.getAnnotationsByType(ExtendWith.class))
        .flatMap(e -> Arrays.stream(e.value()))
        .anyMatch(StatedLimits.class::equals);
  }
}
