package dev.weft.instrumentation.jetty;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

@Tag("full")
final class Jetty120Ee8Test {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("12.0-lowest-ee8");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return JettyUnderTest.attach("12.0-lowest-ee8");
    }
  }
}
