package dev.weft.instrumentation.reactornettyserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.filter.RequestContext;
import dev.weft.dataplane.inbound.InboundRequest;
import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.Probe;
import dev.weft.instrumentation.testing.inbound.RawConnection;
import java.util.concurrent.atomic.AtomicReference;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Calls made for a request end on any thread: its own answer says so, and no other one. */
final class ToldCallersTest {
  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void aCallThatEndsOnAnotherThreadIsTold(String version) throws Exception {
    try (InboundRig rig = attach(version);
        RawConnection meshed = rig.meshed()) {
      rig.mesh().atEntry(ToldCallersTest::tellElsewhere);
      assertThat(overloaded(meshed, "/app/async")).isEqualTo("true");
      rig.mesh().atEntry(null);
      assertThat(overloaded(meshed, "/app/async")).isNull();
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void whatIsToldAfterTheAnswerIsInNoOther(String version) throws Exception {
    try (InboundRig rig = attach(version);
        RawConnection meshed = rig.meshed()) {
      AtomicReference<InboundRequest> first = new AtomicReference<>();
      rig.mesh().atEntry(first::set);
      assertThat(overloaded(meshed, "/app/status/503")).isNull();
      tellElsewhere(first.get());
      rig.mesh().atEntry(second -> tellElsewhere(first.get()));
      assertThat(overloaded(meshed, "/app/status/503")).as("the answer is out").isNull();
      rig.mesh().atEntry(null);
      assertThat(overloaded(meshed, "/app/async")).isNull();
    }
  }

  /** Where the head of an answer is out, and its body still to come. */
  @ParameterizedTest
  @ValueSource(strings = {"1.0", "1.3"})
  void whatIsToldAmidstAnAnswerIsNotInTheNext(String version) throws Exception {
    try (InboundRig rig = attach(version);
        RawConnection meshed = rig.meshed()) {
      AtomicReference<InboundRequest> first = new AtomicReference<>();
      rig.mesh().atEntry(first::set);
      meshed.send("POST /app/talk HTTP/1.1\r\nHost: contract\r\nContent-Length: 3\r\n\r\n");
      // As if it were an answer to HEAD: the head alone is there yet.
      assertThat(meshed.read(true).header(RequestContext.OVERLOADED_HEADER)).isNull();
      tellElsewhere(first.get());
      rig.mesh().atEntry(null);
      meshed.send("end");
      assertThat(meshed.readTo("0\r\n\r\n")).contains("begin").contains("end");
      assertThat(overloaded(meshed, "/app/status/503")).isNull();
    }
  }

  private static void tellElsewhere(InboundRequest request) {
    Thread other =
        new Thread(() -> request.tellCaller(RequestContext.OVERLOADED_HEADER, "true", false));
    other.start();
    try {
      other.join();
    } catch (InterruptedException e) {
      throw new AssertionError(e);
    }
  }

  private static @Nullable String overloaded(RawConnection connection, String target)
      throws Exception {
    return connection.send(Probe.get(target)).read().header(RequestContext.OVERLOADED_HEADER);
  }

  private static InboundRig attach(String version) throws Exception {
    InboundRig rig = ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start(version));
    rig.mesh().join();
    return rig;
  }
}
