package dev.weft.dataplane.telemetry;

import io.opentelemetry.sdk.common.export.HttpSender;
import io.opentelemetry.sdk.common.export.HttpSenderConfig;
import io.opentelemetry.sdk.common.export.HttpSenderProvider;
import java.util.concurrent.Executors;
import java.util.concurrent.ThreadFactory;

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

  /** Called by the service loader. */
  public UrlConnectionSenderProvider() {}

  static void useThreads(ThreadFactory factory) {
    threads = factory;
  }

  @Override
  public HttpSender createSender(HttpSenderConfig config) {
    return UrlConnectionSender.of(config, threads);
  }
}
