package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Load;
import dev.weft.it.rig.Rig;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** HTTP/2 over mTLS, where the container speaks it and the client asks for it. */
class Http2IT {
  @ParameterizedTest
  @ValueSource(strings = {"9", "10.1"})
  void theJdkClientSpeaksHttp2OverMutualTls(String tomcat) {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders =
            App.of("orders")
                .tomcat(tomcat)
                .mesh(control, "orders")
                .setting("service-port", String.valueOf(recorder.port()))
                .argument("h2c")
                .start();
        App shop = App.of("shop").mesh(control, "shop").start()) {
      recorder.to(orders.port());
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      App.Answer answer = shop.call("jdk-h2", "http://orders/two");
      assertThat(answer.callStatus()).as(answer.toString()).isEqualTo("200");
      assertThat(answer.fields()).containsEntry("protocol", "HTTP/2.0");
      Load load = new Load(shop.load("jdk-h2", "http://orders/many", 2_000, 0, 16));
      Rig.figure(
          "HTTP/2 over mTLS, Tomcat %s: %s, %d connections",
          tomcat, load.line(), recorder.connections());
      assertThat(load.failed()).as(load.fields().toString()).isZero();
      assertThat(recorder.onlyTls()).isTrue();
    }
  }
}
