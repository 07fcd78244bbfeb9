package dev.weft.dataplane.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import org.junit.jupiter.api.Test;

final class SpeechTest {
  @Test
  void nothingTellsNothing() {
    assertThat(Speech.of(heard(100))).isEqualTo(Speech.UNKNOWN);
  }

  @Test
  void anyByteButAHandshakeRecordIsPlaintext() {
    for (int first = 0; first < 256; first++) {
      assertThat(Speech.of(heard(100, first)))
          .isEqualTo(first == 0x16 ? Speech.UNKNOWN : Speech.PLAINTEXT);
    }
  }

  @Test
  void aBinaryProtocolThatStartsLikeTlsIsPlaintext() {
    assertThat(Speech.of(heard(100, 0x16, 0x04))).isEqualTo(Speech.PLAINTEXT);
    assertThat(Speech.of(heard(100, 0x16, 0x03))).isEqualTo(Speech.UNKNOWN);
  }

  @Test
  void tlsIsKnownWhenItsFirstRecordIsComplete() {
    assertThat(Speech.of(heard(100, 0x16, 3, 1, 0, 2, 1))).isEqualTo(Speech.UNKNOWN);
    assertThat(Speech.of(heard(100, 0x16, 3, 1, 0, 2, 1, 0))).isEqualTo(Speech.TLS);
    assertThat(Speech.of(heard(100, 0x16, 3, 1, 0, 2, 1, 0, 0x16, 3))).isEqualTo(Speech.TLS);
  }

  @Test
  void aRecordLongerThanTheBufferIsTakenUpWhenTheBufferIsFull() {
    assertThat(Speech.of(heard(7, 0x16, 3, 1, 0xff, 0xff, 1))).isEqualTo(Speech.UNKNOWN);
    assertThat(Speech.of(heard(7, 0x16, 3, 1, 0xff, 0xff, 1, 0))).isEqualTo(Speech.TLS);
  }

  private static ByteBuffer heard(int capacity, int... bytes) {
    ByteBuffer buffer = ByteBuffer.allocate(capacity);
    for (int b : bytes) {
      buffer.put((byte) b);
    }
    return buffer;
  }
}
