package dev.weft.it;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.it.rig.App;
import dev.weft.it.rig.ByteRecorder;
import dev.weft.it.rig.ControlServer;
import dev.weft.it.rig.Jdk;
import dev.weft.it.rig.Rig;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A client in plain sockets that no unit knows, in the mesh by {@code mesh.virtual-addresses}. */
class VirtualAddressIT {
  static Stream<Arguments> combinations() {
    List<Arguments> all = new ArrayList<>();
    for (Jdk jdk : Rig.full() ? Jdk.all() : List.of(Jdk.current())) {
      all.add(Arguments.of(jdk, false));
      all.add(Arguments.of(jdk, true));
    }
    return all.stream();
  }

  @ParameterizedTest(name = "{0}, attach {1}")
  @MethodSource("combinations")
  void plainSocketsSpeakMutualTls(Jdk jdk, boolean attach) {
    try (ControlServer control = ControlServer.start();
        ByteRecorder recorder = ByteRecorder.open();
        App orders =
            App.of("orders")
                .jdk(jdk)
                .mesh(control, "orders")
                .setting("service-port", String.valueOf(recorder.port()))
                .start();
        App shop = caller(control, jdk, attach)) {
      recorder.to(orders.port());
      control.awaitLive("orders", 1);
      control.awaitLive("shop", 1);
      for (int i = 0; i < 3; i++) {
        App.Answer answer = shop.call("socket", "http://orders:8080/hello/" + i + "?q=1");
        assertThat(answer.callError()).isNull();
        assertThat(answer.callStatus()).as(answer.text()).isEqualTo("200");
        assertThat(answer.fields())
            .containsEntry("instance", "orders")
            .containsEntry("uri", "/hello/" + i)
            .containsEntry("header.host", "orders:8080");
      }
      assertThat(recorder.connections()).isEqualTo(3);
      assertThat(recorder.onlyTls()).as("only TLS between the two").isTrue();
      assertThat(recorder.saw("/hello/")).as("a path readable on the wire").isFalse();

      // Clients that are known go on as they were, and names not asked for are left to DNS.
      assertThat(shop.call("apache", "http://orders:8080/hello").callStatus()).isEqualTo("200");
      assertThat(shop.call("socket", "http://orders.default:8080/hello").callError())
          .contains("UnknownHostException");
      assertThat(shop.call("socket", "http://127.0.0.1:" + shop.port() + "/hello").callStatus())
          .isEqualTo("200");
    }
  }

  private static App caller(ControlServer control, Jdk jdk, boolean attach) {
    App.Builder builder =
        App.of("shop").jdk(jdk).mesh(control, "shop").setting("virtual-addresses", "orders");
    if (attach) {
      builder.attachAfter(app -> app.callItself(List.of("socket")));
    }
    return builder.start();
  }
}
