package probe;

import java.io.IOException;
import java.io.UncheckedIOException;
import javax.websocket.Endpoint;
import javax.websocket.EndpointConfig;
import javax.websocket.MessageHandler;
import javax.websocket.Session;
import javax.websocket.server.ServerEndpointConfig;

/** The WebSocket {@code /ws} of an application: says each text again, after the instance's name. */
public final class EchoSocket extends Endpoint {
  private static final String NAME = "name";
  private static final int LONGEST = 1 << 20;

  /** For the container. */
  public EchoSocket() {}

  static ServerEndpointConfig of(String name) {
    ServerEndpointConfig config =
        ServerEndpointConfig.Builder.create(EchoSocket.class, "/ws").build();
    config.getUserProperties().put(NAME, name);
    return config;
  }

  @Override
  public void onOpen(Session session, EndpointConfig config) {
    FaultServlet.served();
    session.setMaxTextMessageBufferSize(LONGEST);
    String name = (String) config.getUserProperties().get(NAME);
    session.addMessageHandler(
        new MessageHandler.Whole<String>() {
          @Override
          public void onMessage(String text) {
            try {
              // Waits: the next message may come before this one's sending is over.
              session.getBasicRemote().sendText(name + " " + text);
            } catch (IOException e) {
              throw new UncheckedIOException(e);
            }
          }
        });
  }
}
