package dev.weft.dataplane.telemetry;

import static org.assertj.core.api.Assertions.assertThat;

import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.NullSource;
import org.junit.jupiter.params.provider.ValueSource;

class TraceContextTest {

  private static final String GOOD = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";

  @Test
  void readsAndWritesTheHeader() {
    TraceContext context = TraceContext.parse(GOOD, "vendor=1,other=2");
    assertThat(context.header()).isEqualTo(GOOD);
    assertThat(context.traceId()).isEqualTo("0af7651916cd43dd8448eb211c80319c");
    assertThat(context.spanId()).isEqualTo("b7ad6b7169203331");
    assertThat(context.isSampled()).isTrue();
    assertThat(context.state()).isEqualTo("vendor=1,other=2");
    assertThat(context.child(false).header()).endsWith("-00").startsWith(GOOD.substring(0, 36));
    assertThat(context.child(true).spanId()).isNotEqualTo(context.spanId());
  }

  @Test
  void readsLaterVersionsAsThisOne() {
    assertThat(TraceContext.parse("cc" + GOOD.substring(2) + "-what-ever", null).header())
        .isEqualTo(GOOD);
  }

  @ParameterizedTest
  @NullSource
  @ValueSource(
      strings = {
        "",
        "00",
        "ff-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0AF7651916CD43DD8448EB211C80319C-b7ad6b7169203331-01",
        "00-00000000000000000000000000000000-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319c-0000000000000000-01",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-0x",
        "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01-",
        "cc-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01x",
        "00_0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01",
        "00-0af7651916cd43dd8448eb211c80319g-b7ad6b7169203331-01"
      })
  void refusesWhatIsNoContext(String header) {
    assertThat(TraceContext.parse(header, null)).isNull();
  }

  @Test
  void dropsStateThatCouldForgeAHeader() {
    assertThat(TraceContext.parse(GOOD, "a=1\r\nset-cookie: x").state()).isNull();
    assertThat(TraceContext.parse(GOOD, "a=" + new String(new char[600])).state()).isNull();
  }

  @Test
  void goesAlongToAnotherThread() throws Exception {
    TraceContext context = TraceContext.root(true);
    AtomicReference<TraceContext> seen = new AtomicReference<>();
    AtomicReference<TraceContext> after = new AtomicReference<>(context);
    TraceContext.swap(context);
    TraceContext.Captured captured;
    try {
      captured = TraceContext.capture();
    } finally {
      TraceContext.swap(null);
    }
    Thread thread =
        new Thread(
            () -> {
              captured.run(() -> seen.set(TraceContext.current()));
              after.set(TraceContext.current());
            });
    thread.start();
    thread.join();
    assertThat(seen.get()).isSameAs(context);
    assertThat(after.get()).isNull();
    assertThat(TraceContext.capture().context()).isNull();
  }
}
