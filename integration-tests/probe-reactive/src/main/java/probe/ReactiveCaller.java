package probe;

import io.grpc.CallOptions;
import io.grpc.ManagedChannel;
import io.grpc.StatusRuntimeException;
import io.grpc.okhttp.OkHttpChannelBuilder;
import io.grpc.stub.ClientCalls;
import io.grpc.stub.StreamObserver;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import org.springframework.web.reactive.function.client.WebClient;
import reactor.core.publisher.Mono;
import reactor.core.publisher.MonoSink;

/** One way to make a call that nobody waits for, with the library's own defaults. */
enum ReactiveCaller {
  /** Spring's, over Reactor Netty. */
  WEBCLIENT {
    @Override
    Mono<Caller.Answer> call(String url) {
      return Web.CLIENT
          .get()
          .uri(URI.create(url))
          .exchangeToMono(
              response ->
                  response
                      .bodyToMono(String.class)
                      .defaultIfEmpty("")
                      .map(text -> new Caller.Answer(response.statusCode().value(), null, text)));
    }
  },
  /** gRPC over OkHttp; the status is gRPC's, or 200 for OK. */
  GRPC_OKHTTP {
    @Override
    Mono<Caller.Answer> call(String url) {
      URI uri = URI.create(url);
      return Mono.create(
          sink ->
              ClientCalls.asyncUnaryCall(
                  Grpc.CHANNELS
                      .computeIfAbsent(
                          uri.getAuthority(),
                          to -> OkHttpChannelBuilder.forTarget(to).usePlaintext().build())
                      .newCall(
                          GrpcBytes.method(uri.getPath().substring(1)),
                          CallOptions.DEFAULT.withDeadlineAfter(20, TimeUnit.SECONDS)),
                  new byte[0],
                  new Ended(sink)));
    }
  };

  abstract Mono<Caller.Answer> call(String url);

  static ReactiveCaller of(String name) {
    return valueOf(name.toUpperCase(Locale.ROOT).replace('-', '_'));
  }

  private static final class Web {
    static final WebClient CLIENT = WebClient.create();
  }

  private static final class Grpc {
    static final ConcurrentHashMap<String, ManagedChannel> CHANNELS = new ConcurrentHashMap<>();
  }

  private static final class Ended implements StreamObserver<byte[]> {
    private final MonoSink<Caller.Answer> sink;
    private String text = "";

    Ended(MonoSink<Caller.Answer> sink) {
      this.sink = sink;
    }

    @Override
    public void onNext(byte[] message) {
      text = new String(message, StandardCharsets.UTF_8);
    }

    @Override
    public void onError(Throwable failure) {
      if (failure instanceof StatusRuntimeException ended) {
        int code = ended.getStatus().getCode().value();
        sink.success(new Caller.Answer(code, null, String.valueOf(ended.getStatus())));
      } else {
        sink.error(failure);
      }
    }

    @Override
    public void onCompleted() {
      sink.success(new Caller.Answer(200, null, text));
    }
  }
}
