package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

final class Http2Test {
  @Nested
  @Tag("full")
  final class Tomcat85 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("8.5");
    }
  }

  @Nested
  final class Tomcat90 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("9.0");
    }
  }

  @Nested
  @Tag("full")
  final class Tomcat101 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("10.1");
    }
  }

  @Nested
  final class Tomcat110 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("11.0");
    }
  }

  @Nested
  final class Tomcat85Lowest extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("8.5-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class Tomcat90Lowest extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachHttp2("9.0-lowest");
    }
  }
}
