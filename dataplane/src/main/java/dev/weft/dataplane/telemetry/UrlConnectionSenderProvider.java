package dev.weft.dataplane.telemetry;

import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;
import java.util.function.Consumer;

/**
 * Found by the OTLP exporters through {@code META-INF/services}; hence public, with this
 * constructor.
 */
public final class UrlConnectionSenderProvider implements HttpSenderProvider {

  /**
   * A service provider is made by reflection and can be given nothing, so the one thing it needs is
   * held here.
   */
  private static volatile ThreadFactory threads = Executors.defaultThreadFactory();

  private static volatile Consumer<String> failures = why -> {};

  /** Called by the service loader. */
  public UrlConnectionSenderProvider() {}

  /**
   * What senders made from now on use.
   *
   * @param onFailure told of every message that was not delivered, with the reason
   */
  static void use(ThreadFactory factory, Consumer<String> onFailure) {
    threads = factory;
    failures = onFailure;
  }

  @Override
  public HttpSender createSender(HttpSenderConfig config) {
    return UrlConnectionSender.of(config, threads, failures);
  }
}
