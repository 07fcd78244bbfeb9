package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundRig;
import dev.weft.instrumentation.testing.inbound.InboundSecurity;
import dev.weft.instrumentation.testing.inbound.InboundTransparency;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Tag;

/** NIO2 connectors: {@code Http11Nio2Protocol}. */
final class Nio2Test {
  @Nested
  @Tag("full")
  final class TransparencyTomcat85Lowest extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("8.5-lowest");
    }
  }

  @Nested
  final class SecurityTomcat85Lowest extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("8.5-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class Http2Tomcat85Lowest extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("8.5-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class TransparencyTomcat85 extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("8.5");
    }
  }

  @Nested
  @Tag("full")
  final class SecurityTomcat85 extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("8.5");
    }
  }

  @Nested
  @Tag("full")
  final class Http2Tomcat85 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("8.5");
    }
  }

  @Nested
  @Tag("full")
  final class TransparencyTomcat90Lowest extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class SecurityTomcat90Lowest extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class Http2Tomcat90Lowest extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("9.0-lowest");
    }
  }

  @Nested
  @Tag("full")
  final class TransparencyTomcat90Pool extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0-pool");
    }
  }

  @Nested
  @Tag("full")
  final class SecurityTomcat90Pool extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0-pool");
    }
  }

  @Nested
  @Tag("full")
  final class TransparencyTomcat90 extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0");
    }
  }

  @Nested
  @Tag("full")
  final class SecurityTomcat90 extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("9.0");
    }
  }

  @Nested
  @Tag("full")
  final class Http2Tomcat90 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("9.0");
    }
  }

  @Nested
  @Tag("full")
  final class TransparencyTomcat101 extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("10.1");
    }
  }

  @Nested
  @Tag("full")
  final class SecurityTomcat101 extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("10.1");
    }
  }

  @Nested
  @Tag("full")
  final class Http2Tomcat101 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("10.1");
    }
  }

  @Nested
  final class TransparencyTomcat110 extends InboundTransparency {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("11.0");
    }
  }

  @Nested
  final class SecurityTomcat110 extends InboundSecurity {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2("11.0");
    }
  }

  @Nested
  final class Http2Tomcat110 extends Http2Contract {
    @Override
    protected InboundRig attach() throws Exception {
      return TomcatUnderTest.attachNio2WithHttp2("11.0");
    }
  }
}
