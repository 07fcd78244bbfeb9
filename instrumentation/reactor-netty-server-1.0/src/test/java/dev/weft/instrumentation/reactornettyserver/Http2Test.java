package dev.weft.instrumentation.reactornettyserver;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.instrumentation.testing.inbound.InboundHttp2;
import dev.weft.instrumentation.testing.inbound.InboundRig;
import java.io.IOException;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Test;

final class Http2Test {
  @Nested
  final class Lowest extends Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.startHttp2("1.0"));
    }
  }

  @Nested
  final class Latest extends Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.startHttp2("1.3"));
    }
  }

  abstract static class Contract extends InboundHttp2 {
    @Override
    protected String[] echoed() {
      return new String[] {"scheme http ", "x-http2-scheme: [http]"};
    }

    @Test
    void aConnectionEndsByItsAge() throws IOException {
      assertThat(oldConnectionEnds()).isTrue();
    }
  }
}
