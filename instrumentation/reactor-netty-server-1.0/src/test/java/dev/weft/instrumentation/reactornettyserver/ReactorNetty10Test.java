package dev.weft.instrumentation.reactornettyserver;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class ReactorNetty10Test {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attach("1.0");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start("1.0"));
    }
  }
}
