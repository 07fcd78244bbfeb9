package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class Tomcat101Test {
  @Nested
  @Tag("full")
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attach("10.1");
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attach("10.1");
    }
  }
}
