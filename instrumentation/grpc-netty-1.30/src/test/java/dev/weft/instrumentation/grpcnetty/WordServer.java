package dev.weft.instrumentation.grpcnetty;

import dev.weft.dataplane.identity.Svid;
import dev.weft.instrumentation.testing.MeshInstance;
import io.grpc.Attributes;
import io.grpc.Grpc;
import io.grpc.Metadata;
import io.grpc.MethodDescriptor.MethodType;
import io.grpc.Server;
import io.grpc.ServerBuilder;
import io.grpc.ServerCall;
import io.grpc.ServerCall.Listener;
import io.grpc.ServerCallHandler;
import io.grpc.ServerInterceptor;
import io.grpc.ServerServiceDefinition;
import io.grpc.ServerTransportFilter;
import io.grpc.Status;
import io.grpc.stub.ServerCalls;
import io.grpc.stub.StreamObserver;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.security.cert.CertificateEncodingException;
import java.util.Base64;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;

/** An instance of {@link Words}: says who it is, and remembers the headers of its calls. */
final class WordServer implements MeshInstance, AutoCloseable {
  private final String name;
  private final Server server;
  private final boolean secured;
  private final List<Metadata> calls = new CopyOnWriteArrayList<>();
  private final List<String> authorities = new CopyOnWriteArrayList<>();
  private final AtomicInteger connections = new AtomicInteger();
  private volatile UnaryOperator<String> behaviour;
  private volatile @Nullable Status lateFailure;

  private WordServer(String name, @Nullable Svid svid, int port) throws IOException {
    this.name = name;
    this.secured = svid != null;
    this.behaviour = word -> name + " " + word;
    ServerBuilder<?> builder =
        ServerBuilder.forPort(port)
            .addTransportFilter(
                new ServerTransportFilter() {
                  @Override
                  public Attributes transportReady(Attributes attributes) {
                    connections.incrementAndGet();
                    return attributes;
                  }
                })
            .intercept(new Recorder())
            .addService(
                ServerServiceDefinition.builder("test.Words")
                    .addMethod(Words.ECHO, ServerCalls.asyncUnaryCall(this::echo))
                    .addMethod(Words.CHAT, ServerCalls.asyncBidiStreamingCall(this::chat))
                    .addMethod(
                        Words.method("Other", MethodType.UNARY),
                        ServerCalls.asyncUnaryCall(
                            (String word, StreamObserver<String> answer) -> {
                              answer.onNext("other " + word);
                              answer.onCompleted();
                            }))
                    .build());
    if (svid != null) {
      builder.useTransportSecurity(
          pem("CERTIFICATE", encoded(svid)), pem("PRIVATE KEY", svid.key().getEncoded()));
    }
    this.server = builder.build().start();
  }

  private static byte[] encoded(Svid svid) {
    try {
      return svid.leaf().getEncoded();
    } catch (CertificateEncodingException e) {
      throw new IllegalStateException(e);
    }
  }

  private static InputStream pem(String type, byte[] content) {
    String text =
        "-----BEGIN "
            + type
            + "-----\n"
            + Base64.getMimeEncoder().encodeToString(content)
            + "\n-----END "
            + type
            + "-----\n";
    return new ByteArrayInputStream(text.getBytes(StandardCharsets.US_ASCII));
  }

  static WordServer secured(String name, Svid svid) throws IOException {
    return new WordServer(name, svid, 0);
  }

  static WordServer plain(String name) throws IOException {
    return new WordServer(name, null, 0);
  }

  static WordServer plain(String name, int port) throws IOException {
    return new WordServer(name, null, port);
  }

  @Override
  public String name() {
    return name;
  }

  @Override
  public int port() {
    return server.getPort();
  }

  @Override
  public boolean isSecured() {
    return secured;
  }

  /** Headers of the calls so far. */
  List<Metadata> calls() {
    return calls;
  }

  List<String> authorities() {
    return authorities;
  }

  int connections() {
    return connections.get();
  }

  String lastHeader(String header) {
    return String.valueOf(
        calls.get(calls.size() - 1).get(Metadata.Key.of(header, Metadata.ASCII_STRING_MARSHALLER)));
  }

  WordServer answering(UnaryOperator<String> how) {
    behaviour = how;
    return this;
  }

  WordServer failing(Status status) {
    return answering(
        word -> {
          throw status.asRuntimeException();
        });
  }

  /** Fails once it has answered. */
  WordServer failingLate(Status status) {
    lateFailure = status;
    return this;
  }

  private void echo(String word, StreamObserver<String> answer) {
    try {
      answer.onNext(behaviour.apply(word));
      Status late = lateFailure;
      if (late != null) {
        throw late.asRuntimeException();
      }
      answer.onCompleted();
    } catch (RuntimeException e) {
      answer.onError(e);
    }
  }

  private StreamObserver<String> chat(StreamObserver<String> answer) {
    return new StreamObserver<>() {
      @Override
      public void onNext(String word) {
        answer.onNext(behaviour.apply(word));
      }

      @Override
      public void onError(Throwable failure) {}

      @Override
      public void onCompleted() {
        answer.onCompleted();
      }
    };
  }

  @Override
  public void close() {
    server.shutdownNow();
    try {
      server.awaitTermination(5, TimeUnit.SECONDS);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private final class Recorder implements ServerInterceptor {
    @Override
    public <Q, S> Listener<Q> interceptCall(
        ServerCall<Q, S> call, Metadata headers, ServerCallHandler<Q, S> next) {
      if (call.getAttributes().get(Grpc.TRANSPORT_ATTR_REMOTE_ADDR) != null) {
        calls.add(headers);
        authorities.add(String.valueOf(call.getAuthority()));
      }
      return next.startCall(call, headers);
    }
  }
}
