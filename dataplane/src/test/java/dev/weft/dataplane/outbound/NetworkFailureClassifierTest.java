package dev.weft.dataplane.outbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.dataplane.identity.IdentityRefusedException;
import java.io.EOFException;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.net.ConnectException;
import java.net.ProtocolException;
import java.net.SocketException;
import java.net.SocketTimeoutException;
import java.net.UnknownHostException;
import java.security.cert.CertificateException;
import java.util.concurrent.CancellationException;
import java.util.stream.Stream;
import javax.net.ssl.SSLException;
import javax.net.ssl.SSLHandshakeException;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class NetworkFailureClassifierTest {
  static Stream<Arguments> failures() {
    return Stream.of(
        Arguments.of(new ConnectException("Connection refused"), FailureKind.CONNECT),
        Arguments.of(new UnknownHostException("orders"), FailureKind.CONNECT),
        Arguments.of(
            new IOException("wrapped", new ConnectException("refused")), FailureKind.CONNECT),
        Arguments.of(new SocketTimeoutException("connect timed out"), FailureKind.CONNECT),
        Arguments.of(new SocketTimeoutException("Connect timed out"), FailureKind.CONNECT),
        Arguments.of(
            new ConnectTimeoutException("Connect to orders:80 failed: Read timed out"),
            FailureKind.CONNECT),
        Arguments.of(new SocketTimeoutException("Read timed out"), FailureKind.TIMEOUT),
        Arguments.of(new SocketTimeoutException(), FailureKind.TIMEOUT),
        Arguments.of(
            new SocketTimeoutException("no answer on the connection to orders:80"),
            FailureKind.TIMEOUT),
        Arguments.of(
            new SocketTimeoutException("http://connect.shop/ took longer than 100 ms"),
            FailureKind.TIMEOUT),
        Arguments.of(new SocketException("Connection reset"), FailureKind.RESET),
        Arguments.of(new EOFException(), FailureKind.RESET),
        Arguments.of(new IOException("Unexpected end of file from server"), FailureKind.RESET),
        Arguments.of(new IOException("/127.0.0.1: GOAWAY received"), FailureKind.REFUSED_STREAM),
        Arguments.of(
            new SSLHandshakeException("Received fatal alert: bad_certificate"),
            FailureKind.IDENTITY_REFUSED),
        Arguments.of(
            new SSLException("x", new CertificateException("not trusted")),
            FailureKind.IDENTITY_REFUSED),
        Arguments.of(new IdentityRefusedException("wrong peer"), FailureKind.IDENTITY_REFUSED),
        Arguments.of(
            new SSLHandshakeException("Remote host terminated the handshake"), FailureKind.CONNECT),
        Arguments.of(
            new SSLException("Connection reset", new SocketException("Connection reset")),
            FailureKind.RESET),
        Arguments.of(new InterruptedIOException("interrupted"), FailureKind.CANCELLED),
        Arguments.of(new CancellationException(), FailureKind.CANCELLED),
        Arguments.of(new ProtocolException("bad"), FailureKind.OTHER),
        Arguments.of(new IllegalArgumentException("bad"), FailureKind.OTHER),
        Arguments.of(new OutOfMemoryError(), FailureKind.OTHER));
  }

  /** As Apache HttpClient 5 has it; that of 4 is an {@link InterruptedIOException}. */
  private static final class ConnectTimeoutException extends SocketTimeoutException {
    private static final long serialVersionUID = 1;

    ConnectTimeoutException(String message) {
      super(message);
    }
  }

  @ParameterizedTest
  @MethodSource("failures")
  void kinds(Throwable failure, FailureKind kind) {
    assertThat(new NetworkFailureClassifier().classify(failure)).isEqualTo(kind);
  }
}
