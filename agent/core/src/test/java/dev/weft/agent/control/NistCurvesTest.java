package dev.weft.agent.control;

import static org.assertj.core.api.Assertions.assertThat;

import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import javax.net.ssl.SSLContext;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLParameters;
import org.junit.jupiter.api.Test;

class NistCurvesTest {
  /** RFC 8446, 4.2.7. */
  private static final int SECP256R1 = 0x0017;

  private static final int SUPPORTED_GROUPS = 10;
  private static final int KEY_SHARE = 51;

  @Test
  void offersCurvesOfNistOnlyAndOneKey() throws Exception {
    SSLEngine engine = client();
    SSLParameters parameters = engine.getSSLParameters();
    parameters.setAlgorithmConstraints(new NistCurves());
    engine.setSSLParameters(parameters);
    ByteBuffer hello = hello(engine);
    List<Integer> groups = groups(hello);
    assertThat(groups).contains(SECP256R1).allMatch(group -> group >= 0x0017 && group <= 0x0019);
    assertThat(keys(hello)).containsExactly(SECP256R1);
  }

  /** Otherwise the test above could not fail. */
  @Test
  void theJdkItselfOffersMore() throws Exception {
    ByteBuffer hello = hello(client());
    assertThat(groups(hello)).anyMatch(group -> group > 0x0019);
    assertThat(keys(hello)).hasSizeGreaterThan(1);
  }

  private static SSLEngine client() throws Exception {
    SSLContext context = SSLContext.getInstance("TLSv1.3");
    context.init(null, null, null);
    SSLEngine engine = context.createSSLEngine("control", 15443);
    engine.setUseClientMode(true);
    return engine;
  }

  private static ByteBuffer hello(SSLEngine engine) throws SSLException {
    ByteBuffer record = ByteBuffer.allocate(engine.getSession().getPacketBufferSize());
    engine.wrap(ByteBuffer.allocate(0), record);
    record.flip();
    return record;
  }

  private static List<Integer> groups(ByteBuffer hello) {
    ByteBuffer extension = extension(hello, SUPPORTED_GROUPS);
    List<Integer> groups = new ArrayList<>();
    for (int left = extension.getShort() / 2; left > 0; left--) {
      groups.add((int) extension.getShort());
    }
    return groups;
  }

  private static List<Integer> keys(ByteBuffer hello) {
    ByteBuffer extension = extension(hello, KEY_SHARE);
    List<Integer> keys = new ArrayList<>();
    extension.getShort();
    while (extension.hasRemaining()) {
      keys.add((int) extension.getShort());
      int length = extension.getShort();
      extension.position(extension.position() + length);
    }
    return keys;
  }

  /** Of a ClientHello in one record: RFC 8446, 4.1.2. */
  private static ByteBuffer extension(ByteBuffer record, int wanted) {
    ByteBuffer hello = record.duplicate();
    hello.position(5 + 4 + 2 + 32);
    skip(hello, hello.get());
    skip(hello, hello.getShort());
    skip(hello, hello.get());
    hello.getShort();
    while (hello.hasRemaining()) {
      int type = hello.getShort();
      int length = hello.getShort();
      if (type == wanted) {
        ByteBuffer found = hello.slice();
        found.limit(length);
        return found;
      }
      skip(hello, length);
    }
    throw new AssertionError("no extension " + wanted);
  }

  private static void skip(ByteBuffer buffer, int bytes) {
    buffer.position(buffer.position() + bytes);
  }
}
