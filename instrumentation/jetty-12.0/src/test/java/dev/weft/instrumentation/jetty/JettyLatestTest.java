package dev.weft.instrumentation.jetty;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class JettyLatestTest {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("12.1-ee10");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("12.1-ee10");
    }
  }
}
