package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.InjectedFault;
import dev.weft.it.rig.App;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.FaultyAgentJar;
import dev.weft.it.rig.Rig;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;

/**
 * A bug in the agent: enforcing advice refuses, observing advice changes nothing. The bug throws
 * each kind of throwable in turn.
 */
class AgentFaultIT {
  private static final int REQUESTS = 10 * InjectedFault.KINDS;
  private static final String TOMCAT = "dev.weft.instrumentation.tomcat.";
  private static final String GATE = "dev.weft.agent.extension.RequestGate";

  private static ControlServer control;

  @BeforeAll
  static void start() {
    control = ControlServer.start();
  }

  @AfterAll
  static void stop() {
    control.close();
  }

  @Test
  void enforcingAdviceWithABugRefusesEveryRequest() {
    assertThat(answers("gate", GATE, "enter")).containsOnly(Map.entry(503, REQUESTS));
  }

  @Test
  void observingAdviceWithABugChangesNothing() {
    assertThat(answers("conclusion", TOMCAT + "ConclusionHook", "enter"))
        .containsOnly(Map.entry(200, REQUESTS));
  }

  @Test
  void bugAfterTheRequestChangesNothing() {
    assertThat(answers("gate-exit", GATE, "exit")).containsOnly(Map.entry(200, REQUESTS));
  }

  @Test
  void enforcingAdviceOfAClientWithABugSendsNothing() {
    String service = "apache-caller";
    try (App echo = App.of("echo").start();
        App caller =
            App.of(service)
                .mesh(control, service)
                .agentJar(
                    FaultyAgentJar.with(
                        "dev.weft.instrumentation.apachehttpclient.ExecuteHook", "enter"))
                .start()) {
      control.awaitLive(service, 1);
      for (int i = 0; i < InjectedFault.KINDS; i++) {
        App.Answer answer = caller.call("apache", "http://127.0.0.1:" + echo.port() + "/");
        assertThat(answer.callStatus()).as(answer.toString()).isNull();
        assertThat(answer.callError()).as(answer.toString()).contains("IOException");
      }
    }
  }

  private static Map<Integer, Integer> answers(String service, String hook, String method) {
    try (App app =
        App.of(service)
            .mesh(control, service)
            .agentJar(FaultyAgentJar.with(hook, method))
            .start()) {
      control.awaitLive(service, 1);
      Map<Integer, Integer> byStatus = new TreeMap<>();
      for (int i = 0; i < REQUESTS; i++) {
        byStatus.merge(app.get("/").status(), 1, Integer::sum);
      }
      Rig.figure("bug in %s.%s: %d requests, statuses %s", hook, method, REQUESTS, byStatus);
      return byStatus;
    }
  }
}
