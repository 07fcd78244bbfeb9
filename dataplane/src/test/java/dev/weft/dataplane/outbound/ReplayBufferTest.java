package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.OutputStream;
import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

class ReplayBufferTest {
  private final ReplayBuffer buffer = new ReplayBuffer();

  @Test
  void bodyIsThereWhenItHasEnded() {
    ByteBuffer bytes = ByteBuffer.wrap(new byte[] {1, 2, 3, 4});
    bytes.get();
    buffer.remember(bytes, 2);
    assertThat(bytes.position()).isEqualTo(1);
    buffer.remember(new byte[] {5, 6, 7}, 1, 2);
    assertThat(buffer.whole()).isNull();
    buffer.end();
    assertThat(buffer.whole()).containsExactly(2, 3, 6, 7);
  }

  @Test
  void whatAStreamTookIsRemembered() throws IOException {
    ByteArrayOutputStream sent = new ByteArrayOutputStream();
    OutputStream tee = buffer.tee(sent);
    tee.write(1);
    tee.write(new byte[] {2, 3, 4}, 1, 2);
    buffer.end();
    assertThat(sent.toByteArray()).containsExactly(1, 3, 4);
    assertThat(buffer.whole()).containsExactly(1, 3, 4);
    OutputStream broken =
        new ReplayBuffer()
            .tee(
                new OutputStream() {
                  @Override
                  public void write(int b) throws IOException {
                    throw new IOException("broken");
                  }
                });
    assertThatThrownBy(() -> broken.write(1)).hasMessage("broken");
  }

  @Test
  void bodyBeyondTheLimitIsNotThere() {
    buffer.remember(ByteBuffer.allocate(ReplayBuffer.LIMIT), ReplayBuffer.LIMIT);
    buffer.remember(ByteBuffer.allocate(1), 1);
    buffer.remember(new byte[1], 0, 1);
    buffer.end();
    assertThat(buffer.whole()).isNull();
  }

  @Test
  void bodyOfTheLimitIsThere() {
    buffer.remember(ByteBuffer.allocateDirect(ReplayBuffer.LIMIT), ReplayBuffer.LIMIT);
    buffer.end();
    assertThat(buffer.whole()).hasSize(ReplayBuffer.LIMIT);
  }
}
