package dev.weft.instrumentation.jetty;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class JettyLowestTest {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("9.4-lowest");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("9.4-lowest");
    }
  }
}
