package dev.weft.agent.settings;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Collections;
import java.util.HashMap;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class SettingsTest {
  private final Map<String, String> properties = new HashMap<>();
  private final Map<String, String> environment = new HashMap<>();

  private Settings read(String arguments) {
    return Settings.read(arguments, properties, environment);
  }

  @Test
  void defaultsHoldWhereNothingIsSet() {
    Settings settings = read(null);
    assertThat(settings.problems()).isEmpty();
    assertThat(settings.enabled()).isTrue();
    assertThat(settings.serviceName()).isNull();
    assertThat(settings.namespace()).isEqualTo("default");
    assertThat(settings.denyOnAgentFailure()).isFalse();
    assertThat(settings.metricsPort()).isZero();
  }

  @Test
  void systemPropertyBeatsArgumentBeatsEnvironmentBeatsFile(@TempDir Path directory)
      throws IOException {
    Path file = directory.resolve("mesh.properties");
    Files.write(
        file,
        ("mesh.service-name=file\nnamespace=file\nmesh.service-account=file\nlocality=file\n")
            .getBytes(StandardCharsets.UTF_8));
    environment.put("MESH_CONFIG_FILE", file.toString());
    environment.put("MESH_SERVICE_NAME", "environment");
    environment.put("MESH_NAMESPACE", "environment");
    environment.put("MESH_SERVICE_ACCOUNT", "environment");
    properties.put("mesh.service-name", "property");
    Settings settings = read("service-name=argument,namespace=argument");
    assertThat(settings.problems()).isEmpty();
    assertThat(settings.serviceName()).isEqualTo("property");
    assertThat(settings.namespace()).isEqualTo("argument");
    assertThat(settings.serviceAccount()).isEqualTo("environment");
    assertThat(settings.locality()).isEqualTo("file");
  }

  @Test
  void labelsGoOnAfterACommaUntilTheNextSetting() {
    Settings settings = read("labels=version=v1,tier=web,service-name=orders");
    assertThat(settings.problems()).isEmpty();
    assertThat(settings.labels())
        .containsExactly(
            org.assertj.core.api.Assertions.entry("version", "v1"),
            org.assertj.core.api.Assertions.entry("tier", "web"));
    assertThat(settings.serviceName()).isEqualTo("orders");
    assertThat(read("labels=a=1;b=2").labels()).containsEntry("b", "2");
  }

  @Test
  void misspelledSettingAfterLabelsIsAProblemAndNoLabel() {
    Settings settings = read("labels=version=v1,servce-name=orders");
    assertThat(settings.labels()).containsOnlyKeys("version");
    assertThat(settings.problems())
        .containsExactly("agent argument servce-name is unknown; did you mean mesh.service-name?");
  }

  @Test
  void unknownSettingIsNamedInEachPlace(@TempDir Path directory) throws IOException {
    Path file = directory.resolve("f");
    Files.write(file, Collections.singletonList("mesh.namspace=x"));
    properties.put("mesh.contol-server", "https://x");
    properties.put("mesh.config-file", file.toString());
    environment.put("MESH_SERVICENAME", "x");
    environment.put("MESH_SERVER", "read by the command line");
    environment.put("MESH_SOMETHING_ELSE_ALTOGETHER", "of another product");
    assertThat(read("zzzzzz=1,word").problems())
        .containsExactlyInAnyOrder(
            "system property mesh.contol-server is unknown; did you mean mesh.control-server?",
            "agent argument zzzzzz is unknown; see docs/configuration.md",
            "agent argument 'word' is not of the form name=value",
            "environment variable MESH_SERVICENAME is unknown; did you mean MESH_SERVICE_NAME?",
            "mesh.namspace in " + file + " is unknown; did you mean mesh.namespace?");
  }

  @Test
  void malformedValueIsAProblemAndNotSet() {
    Settings settings =
        read(
            "service-port=99999,control-server=http://x,service-name=Orders,locality=a//b,enabled=no");
    assertThat(settings.problems()).hasSize(5).allMatch(p -> p.contains("the setting is ignored"));
    assertThat(settings.servicePort()).isZero();
    assertThat(settings.controlServer()).isNull();
    assertThat(settings.serviceName()).isNull();
    assertThat(settings.enabled()).isTrue();
  }

  @Test
  void malformedFailureModeDenies() {
    Settings settings = read("on-agent-failure=denyy");
    assertThat(settings.denyOnAgentFailure()).isTrue();
    assertThat(settings.problems()).singleElement().asString().contains("taken as deny");
  }

  @Test
  void serviceNameFallsBackToThoseOthersUse() {
    environment.put("SPRING_APPLICATION_NAME", "spring-environment");
    assertThat(read(null).serviceName()).isEqualTo("spring-environment");
    properties.put("spring.application.name", "spring");
    assertThat(read(null).serviceName()).isEqualTo("spring");
    environment.put("OTEL_SERVICE_NAME", "otel");
    assertThat(read(null).serviceName()).isEqualTo("otel");
    assertThat(read("service-name=mesh").serviceName()).isEqualTo("mesh");
  }

  @Test
  void missingFileIsAProblem() {
    assertThat(read("config-file=/nowhere/at/all").problems())
        .singleElement()
        .asString()
        .startsWith("mesh.config-file /nowhere/at/all cannot be read");
  }
}
