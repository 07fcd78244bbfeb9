package dev.weft.instrumentation.tomcat;

import dev.weft.instrumentation.testing.inbound.InboundHttp2;

/** The contract of HTTP/2, for what a servlet sees. */
abstract class Http2Contract extends InboundHttp2 {
  @Override
  protected String[] echoed() {
    return new String[] {"HTTP/2.0", "scheme http ", "server orders "};
  }
}
