package dev.weft.rules;

import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static org.assertj.core.api.Assertions.assertThat;

import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/** Who may use whom, as docs/architecture.md says. */
class ImportRulesTest {
  private static JavaClasses all;

  @BeforeAll
  static void read() throws IOException {
    Path project = Path.of(System.getProperty("user.dir")).resolve("../..").normalize();
    List<Path> compiled;
    try (Stream<Path> found = Files.walk(project, 4)) {
      compiled =
          found
              .filter(p -> p.endsWith("target/classes"))
              .filter(p -> !p.toString().contains("sample-apps"))
              .toList();
    }
    all = new ClassFileImporter().importPaths(compiled);
    assertThat(all.contain("dev.weft.dataplane.DataPlane")).isTrue();
    assertThat(all.contain("dev.weft.bootstrap.Hooks")).isTrue();
  }

  @Test
  void policyUsesNothingOfOurs() {
    noClasses()
        .that()
        .resideInAPackage("dev.weft.policy..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.weft.dataplane..",
            "dev.weft.bootstrap..",
            "dev.weft.agent..",
            "dev.weft.instrumentation..",
            "dev.weft.analysis..",
            "dev.weft.controlserver..",
            "dev.weft.meshctl..")
        .check(all);
  }

  @Test
  void theDataPlaneUsesPolicyOnlyAndItsSidesDoNotKnowEachOther() {
    noClasses()
        .that()
        .resideInAPackage("dev.weft.dataplane..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.weft.bootstrap..",
            "dev.weft.agent..",
            "dev.weft.instrumentation..",
            "dev.weft.controlserver..")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("dev.weft.dataplane.outbound..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.weft.dataplane.inbound..")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("dev.weft.dataplane.inbound..")
        .should()
        .dependOnClassesThat()
        .resideInAPackage("dev.weft.dataplane.outbound..")
        .check(all);
    noClasses()
        .that()
        .resideInAPackage("dev.weft.dataplane.database..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.weft.dataplane.outbound..", "dev.weft.dataplane.inbound..")
        .check(all);
  }

  @Test
  void theBootLoadersClassesUseTheJdkOnly() {
    classes()
        .that()
        .resideInAPackage("dev.weft.bootstrap..")
        .should()
        .onlyDependOnClassesThat()
        .resideInAnyPackage(
            "java..", "javax.net..", "dev.weft.bootstrap..", "org.jspecify.annotations..")
        .check(all);
  }

  @Test
  void serversKnowPolicyOnly() {
    noClasses()
        .that()
        .resideInAnyPackage("dev.weft.analysis..", "dev.weft.controlserver..", "dev.weft.meshctl..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "dev.weft.dataplane..",
            "dev.weft.bootstrap..",
            "dev.weft.agent..",
            "dev.weft.instrumentation..")
        .check(all);
  }

  @Test
  void analysisKnowsPolicyOnly() {
    noClasses()
        .that()
        .resideInAPackage("dev.weft.analysis..")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("dev.weft.controlserver..", "dev.weft.meshctl..")
        .check(all);
  }

  @Test
  void oneInstrumentationNeverUsesAnother() {
    for (String library :
        List.of(
            "tomcat",
            "jetty",
            "httpurlconnection",
            "javahttpclient",
            "apachehttpclient",
            "apachehttpclient5",
            "okhttp")) {
      noClasses()
          .that()
          .resideInAPackage("dev.weft.instrumentation." + library + "..")
          .should()
          .dependOnClassesThat(
              com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                      "dev.weft.instrumentation..")
                  .and(
                      com.tngtech.archunit.base.DescribedPredicate.not(
                          com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAPackage(
                              "dev.weft.instrumentation." + library + ".."))))
          .check(all);
      noClasses()
          .that()
          .resideInAPackage("dev.weft.instrumentation." + library + "..")
          .should()
          .dependOnClassesThat()
          .resideInAnyPackage(
              "dev.weft.agent.hook..", "dev.weft.agent.weave..", "dev.weft.controlserver..")
          .check(all);
    }
  }
}
