package dev.weft.instrumentation.reactornettyserver;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class ReactorNetty13Test {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attach("1.3");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return ReactorNettyUnderTest.attachUnasked(ReactorNettyUnderTest.start("1.3"));
    }
  }
}
