package probe;

import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import java.net.InetSocketAddress;

/** An application on Undertow without servlets. */
public final class UndertowProbe {
  private UndertowProbe() {}

  /**
   * Runs until the process is ended.
   *
   * @param args the instance's name and the port (0 for any)
   */
  public static void main(String[] args) {
    String name = args[0];
    Undertow server =
        Undertow.builder()
            .addHttpListener(Integer.parseInt(args[1]), "0.0.0.0")
            .setHandler(
                exchange ->
                    exchange
                        .getRequestReceiver()
                        .receiveFullBytes((one, body) -> answer(name, one, body.length)))
            .build();
    server.start();
    InetSocketAddress address = (InetSocketAddress) server.getListenerInfo().get(0).getAddress();
    System.out.println("probe " + name + " listening on " + address.getPort());
    System.out.flush();
  }

  private static void answer(String name, HttpServerExchange exchange, int size) {
    exchange
        .getResponseSender()
        .send(
            "instance="
                + name
                + "\nuri="
                + exchange.getRequestPath()
                + "\nbody="
                + size
                + "\nscheme="
                + exchange.getRequestScheme()
                + "\nheader.host="
                + exchange.getRequestHeaders().getFirst("Host")
                + "\n");
  }
}
