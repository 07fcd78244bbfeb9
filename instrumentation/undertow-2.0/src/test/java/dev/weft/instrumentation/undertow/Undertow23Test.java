package dev.weft.instrumentation.undertow;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class Undertow23Test {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return UndertowUnderTest.attach("2.3");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return UndertowUnderTest.attach("2.3");
    }
  }
}
