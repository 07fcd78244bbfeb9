package dev.weft.dataplane.identity;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.io.OutputStream;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.awaitility.Awaitility;
import org.junit.jupiter.api.Test;

class LayeredOutputTest {
  private static final String HEAD = "POST / HTTP/1.1\r\nHost: orders\r\n\r\n";
  private final Records records = new Records();
  private final LayeredOutput out = new LayeredOutput(records, true);

  private void write(String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void headAndBodyShareARecord() throws IOException {
    write(HEAD);
    out.flush();
    assertThat(records.sent).isEmpty();
    write("{}");
    out.flush();
    assertThat(records.sent).containsExactly(HEAD + "{}");
  }

  @Test
  void ofAClientThatDoesNotFlushEachWriteIsSent() throws IOException {
    LayeredOutput eager = new LayeredOutput(records, false);
    eager.write('x');
    eager.write(HEAD.getBytes(StandardCharsets.UTF_8));
    assertThat(records.sent).containsExactly("x", HEAD);
  }

  @Test
  void aReadSendsWhatWasHeld() throws IOException {
    write(HEAD);
    out.flush();
    out.readerWaits();
    assertThat(records.sent).containsExactly(HEAD);
  }

  @Test
  void aSecondFlushSendsWhatWasHeld() throws IOException {
    write(HEAD);
    out.flush();
    out.flush();
    assertThat(records.sent).containsExactly(HEAD);
  }

  @Test
  void anEventOfAStreamGoesOutAtOnce() throws IOException {
    write(HEAD);
    write("5\r\nhello\r\n");
    out.flush();
    write("5\r\nagain\r\n");
    out.flush();
    assertThat(records.sent).containsExactly(HEAD + "5\r\nhello\r\n", "5\r\nagain\r\n");
  }

  @Test
  void whileAReaderWaitsNothingIsHeld() throws IOException {
    out.readerWaits();
    write(HEAD);
    out.flush();
    assertThat(records.sent).containsExactly(HEAD);
    out.readerGoes();
    write(HEAD);
    out.flush();
    assertThat(records.sent).hasSize(1);
  }

  @Test
  void largeWritesKeepTheirOrder() throws IOException {
    StringBuilder all = new StringBuilder();
    for (int length : new int[] {1, 100, 16_383, 16_384, 16_385, 5, 40_000, 3}) {
      String part = new String(new char[length]).replace('\0', (char) ('a' + length % 26));
      all.append(part);
      write(part);
    }
    out.send();
    assertThat(String.join("", records.sent)).isEqualTo(all.toString());
  }

  @Test
  void aReaderNeverWaitsForAWriterThatIsStuck() throws Exception {
    records.gate = new CountDownLatch(1);
    Thread writer =
        new Thread(
            () -> {
              try {
                write(new String(new char[20_000]));
              } catch (IOException e) {
                throw new IllegalStateException(e);
              }
            });
    writer.setDaemon(true);
    writer.start();
    Awaitility.await().atMost(Duration.ofSeconds(5)).until(() -> records.stuck);
    out.readerWaits();
    assertThat(out.trySend()).isFalse();
    records.gate.countDown();
    writer.join(5000);
    assertThat(writer.isAlive()).isFalse();
  }

  private static final class Records extends OutputStream {
    final List<String> sent = new CopyOnWriteArrayList<>();
    volatile CountDownLatch gate = new CountDownLatch(0);
    volatile boolean stuck;

    @Override
    public void write(int b) {
      throw new AssertionError("one byte, one record");
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      stuck = true;
      try {
        gate.await();
      } catch (InterruptedException e) {
        throw new IOException(e);
      }
      sent.add(new String(bytes, offset, length, StandardCharsets.UTF_8));
    }
  }
}
