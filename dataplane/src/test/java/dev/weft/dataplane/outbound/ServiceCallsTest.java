package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.dataplane.http.AgentRequest;
import dev.weft.dataplane.http.AgentResponse;
import dev.weft.dataplane.identity.TransportSecurity;
import dev.weft.policy.snapshot.Endpoint;
import dev.weft.policy.snapshot.Service;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.nio.charset.StandardCharsets;
import java.time.Clock;
import java.util.Collections;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Questions of the agent's own, over real sockets. */
@Timeout(30)
class ServiceCallsTest {
  private static final String AUTHZ = "authz.shop.svc.cluster.local";
  private static final long SECONDS = TimeUnit.SECONDS.toNanos(20);

  private final FakeMesh mesh = new FakeMesh();
  private final Queue<String> answers = new ConcurrentLinkedQueue<>();
  private final AtomicInteger accepted = new AtomicInteger();
  private final AtomicInteger asked = new AtomicInteger();
  private ServerSocket server;
  private ServiceCalls calls;

  /** Answers each question on a connection with the next of {@link #answers}; "" ends it. */
  @BeforeEach
  void serve() throws IOException {
    server = new ServerSocket(0, 10, InetAddress.getLoopbackAddress());
    thread(
        () -> {
          while (true) {
            Socket socket = server.accept();
            accepted.incrementAndGet();
            thread(() -> answer(socket));
          }
        });
    apply("a");
    calls = mesh.side().serviceCalls(TransportSecurity.of(Clock.systemUTC()));
  }

  @AfterEach
  void stop() throws IOException {
    server.close();
  }

  private void apply(String id) {
    mesh.apply(
        Service.builder()
            .host(AUTHZ)
            .endpoints(
                Collections.singletonList(
                    Endpoint.builder()
                        .id(id)
                        .address("127.0.0.1")
                        .port(server.getLocalPort())
                        .build()))
            .build());
  }

  private interface Body {
    void run() throws IOException;
  }

  private static void thread(Body body) {
    Thread thread =
        new Thread(
            () -> {
              try {
                body.run();
              } catch (IOException e) {
                // The test is over, or the other side has gone.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  private void answer(Socket connected) throws IOException {
    try (Socket socket = connected) {
      BufferedReader in =
          new BufferedReader(
              new InputStreamReader(socket.getInputStream(), StandardCharsets.ISO_8859_1));
      for (String line = in.readLine(); line != null; line = in.readLine()) {
        if (line.isEmpty()) {
          asked.incrementAndGet();
          String next = answers.poll();
          if (next == null) {
            continue; // says nothing
          }
          if (next.isEmpty()) {
            return;
          }
          socket.getOutputStream().write(next.getBytes(StandardCharsets.ISO_8859_1));
        }
      }
    }
  }

  private AgentResponse ask() throws IOException {
    AgentRequest request = new AgentRequest("GET", "/check", "orders");
    request.body(new byte[0]);
    return calls.send(AUTHZ, 8000, request, SECONDS);
  }

  private static String ok(String body) {
    return "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
  }

  @Test
  void aConnectionIsKeptForTheNextQuestion() throws IOException {
    answers.add(ok("one"));
    answers.add(
        "HTTP/1.1 100 Continue\r\n\r\nHTTP/1.1 401 No\r\nX-A: 1\r\nx-a: 2\r\n"
            + "Transfer-Encoding: chunked\r\n\r\n3\r\ntwo\r\n0\r\n\r\n");
    answers.add("HTTP/1.0 200 OK\r\nConnection: close\r\nContent-Length: 0\r\n\r\n");
    answers.add(ok("four"));
    assertThat(new String(ask().body(), StandardCharsets.UTF_8)).isEqualTo("one");
    AgentResponse second = ask();
    assertThat(second.status()).isEqualTo(401);
    assertThat(second.headers().get("x-a")).containsExactly("1", "2");
    assertThat(new String(second.body(), StandardCharsets.UTF_8)).isEqualTo("two");
    assertThat(ask().status()).isEqualTo(200);
    assertThat(accepted.get()).isEqualTo(1);
    assertThat(ask().body()).hasSize(4);
    assertThat(accepted.get()).as("the third ended it").isEqualTo(2);
  }

  @Test
  void whatAKeptConnectionWasClosedForIsAskedAgainOnAnotherOnce() throws IOException {
    answers.add(ok(""));
    ask();
    answers.add("");
    answers.add(ok("again"));
    assertThat(ask().body()).hasSize(5);
    assertThat(accepted.get()).isEqualTo(2);
    answers.add("");
    answers.add("");
    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    assertThat(asked.get()).isEqualTo(5);
  }

  @Test
  void aKeptConnectionIsNotUsedOnceTheServiceHasChangedOrAfterAWhile() throws IOException {
    for (int i = 0; i < 3; i++) {
      answers.add(ok(""));
    }
    ask();
    apply("b");
    ask();
    assertThat(accepted.get()).isEqualTo(2);
    mesh.advanceMillis(5_000);
    ask();
    assertThat(accepted.get()).isEqualTo(3);
  }

  @Test
  void anAnswerThatDoesNotComeEndsWithTheTime() {
    Thread clock =
        new Thread(
            () -> {
              while (asked.get() == 0) {
                Thread.yield();
              }
              mesh.advance(SECONDS);
            });
    clock.start();
    assertThatThrownBy(this::ask).isInstanceOf(SocketTimeoutException.class);
  }

  @Test
  void whatIsNoAnswerFails() throws IOException {
    for (String nonsense :
        new String[] {
          "SSH-2.0-OpenSSH\r\n",
          "HTTP/1.1 two hundred\r\n\r\n",
          "HTTP/1.1 200 OK\r\nx: " + String.join("", Collections.nCopies(70_000, "x")) + "\r\n\r\n",
          ok(String.join("", Collections.nCopies(300_000, "x"))),
          "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\nzz\r\n"
        }) {
      answers.add(nonsense);
      assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    }
    answers.add("HTTP/1.1 200 OK\r\nContent-Length: 9\r\n\r\nshort");
    Thread end =
        new Thread(
            () -> {
              while (asked.get() < 6) {
                Thread.yield();
              }
              mesh.advance(SECONDS);
            });
    end.start();
    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
  }

  @Test
  void whoIsNotThereCannotBeAsked() throws IOException {
    assertThatThrownBy(
            () -> calls.send("nobody", 80, new AgentRequest("GET", "/", "orders"), SECONDS))
        .isInstanceOf(UnknownHostException.class);
    server.close();
    assertThatThrownBy(this::ask).isInstanceOf(IOException.class);
    assertThatThrownBy(
            () -> calls.send(AUTHZ, 80, new AgentRequest("CONNECT", "/", "orders"), SECONDS))
        .hasMessageContaining("cannot be sent");
  }
}
