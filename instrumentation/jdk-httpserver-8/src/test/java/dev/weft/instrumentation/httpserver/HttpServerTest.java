package dev.weft.instrumentation.httpserver;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;

final class HttpServerTest {
  @Nested
  final class Transparency extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return HttpServerUnderTest.attach();
    }
  }

  @Nested
  final class Security extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return HttpServerUnderTest.attach();
    }
  }
}
