package dev.weft.agent.dist;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/** Applications start with the finished jar, whatever the jar is told. */
final class AgentStartIT {
  private static final String AGENT = "-javaagent:" + ForkedJvm.AGENT;

  static List<String> homes() throws IOException {
    return ForkedJvm.homes();
  }

  private static ForkedJvm.Output hello(String home, List<String> options, String... arguments)
      throws Exception {
    ForkedJvm.Output output =
        ForkedJvm.run(ForkedJvm.command(home, options, HelloMain.class, arguments));
    assertThat(output.exit()).as(output.err()).isZero();
    assertThat(output.out()).contains("hello\n");
    return output;
  }

  @ParameterizedTest
  @MethodSource("homes")
  void printsNothingWhenAllIsWell(String home, @TempDir Path directory) throws Exception {
    List<String> options = new ArrayList<>(List.of(AGENT, "-Dmesh.service-name=orders"));
    options.add("-Dmesh.control-server=https://127.0.0.1:1");
    options.add("-Dmesh.cache-dir=" + directory);
    ForkedJvm.Output output = hello(home, options);
    assertThat(output.out()).isEqualTo("hello\n");
    assertThat(output.err().lines().filter(line -> !line.startsWith("[mesh]"))).isEmpty();
  }

  @ParameterizedTest
  @MethodSource("homes")
  void disabledAgentDoesNothingAtAll(String home) throws Exception {
    ForkedJvm.Output output = hello(home, List.of(AGENT + "=enabled=false", "-verbose:class"));
    assertThat(output.out()).doesNotContain("dev.weft.bootstrap").doesNotContain("dev.weft.shaded");
    assertThat(output.err()).isEmpty();
  }

  @Test
  void unknownAndMalformedSettingsAreOneLineEach() throws Exception {
    ForkedJvm.Output output =
        hello(
            System.getProperty("java.home"),
            List.of(AGENT + "=enabled=false,servce-name=x,service-port=many"));
    assertThat(output.err().lines())
        .containsExactly(
            "[mesh] agent argument servce-name is unknown; did you mean mesh.service-name?",
            "[mesh] agent argument service-port 'many' is not a port from 0 to 65535; the setting is"
                + " ignored");
  }

  @Test
  void missingServiceNameLeavesTheApplicationOutsideTheMesh() throws Exception {
    ForkedJvm.Output output = hello(System.getProperty("java.home"), List.of(AGENT));
    assertThat(output.err())
        .isEqualTo("[mesh] mesh.service-name is not set; the application runs outside the mesh\n");
  }

  @Test
  void secondAgentIsALineAndNoMore(@TempDir Path directory) throws Exception {
    ForkedJvm.Output output =
        hello(
            System.getProperty("java.home"),
            List.of(AGENT, AGENT, "-Dmesh.service-name=orders", "-Dmesh.cache-dir=" + directory));
    assertThat(output.err().lines())
        .contains("[mesh] the mesh agent is in this JVM already; loading it again changes nothing");
  }

  @ParameterizedTest
  @MethodSource("homes")
  void threadsAreDaemonsWithoutContextClassLoader(String home, @TempDir Path directory)
      throws Exception {
    List<String> options =
        List.of(
            AGENT,
            "-Dmesh.service-name=orders",
            "-Dmesh.control-server=https://127.0.0.1:1",
            "-Dmesh.cache-dir=" + directory);
    ForkedJvm.Output output = hello(home, options, "threads");
    assertThat(output.out().lines().skip(1))
        .allMatch(line -> line.equals("main false false") || line.matches("mesh-\\S+ true true"));
  }

  @ParameterizedTest
  @MethodSource("homes")
  void attachesToARunningJvm(String home, @TempDir Path directory) throws Exception {
    Path err = directory.resolve("err");
    Process target =
        ForkedJvm.command(home, List.of("-XX:+EnableDynamicAgentLoading"), HelloMain.class, "wait")
            .redirectError(err.toFile())
            .start();
    try {
      assertThat(target.getInputStream().read()).isEqualTo('h');
      ForkedJvm.Output output =
          attach(target.pid(), "service-name=orders", "cache-dir=" + directory);
      assertThat(output)
          .isEqualTo(new ForkedJvm.Output(0, "attached to " + target.pid() + "\n", ""));
      attach(target.pid(), "service-name=orders", "cache-dir=" + directory);
      assertThat(Files.readString(err)).contains("[mesh] the mesh agent is in this JVM already");
    } finally {
      target.destroyForcibly().waitFor();
    }
  }

  private static ForkedJvm.Output attach(long pid, String... settings) throws Exception {
    List<String> command =
        new ArrayList<>(
            List.of(
                System.getProperty("java.home") + "/bin/java", "-jar", ForkedJvm.AGENT, "attach"));
    command.add(String.valueOf(pid));
    command.addAll(List.of(settings));
    return ForkedJvm.run(new ProcessBuilder(command));
  }

  @Test
  void attachSaysInOneLineWhatIsWrong() throws Exception {
    assertThat(attach(4_000_000).err()).isEqualTo("mesh-agent: there is no process 4000000\n");
    assertThat(attach(1, "nonsense").err())
        .isEqualTo("mesh-agent: 'nonsense' is not of the form key=value\n");
  }
}
