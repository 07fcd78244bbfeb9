package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.HeaderEditor;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpMessage;
import org.jspecify.annotations.Nullable;

/** The headers of a request or a response of this library. */
class MessageHeaders implements HeaderEditor {
  private final HttpMessage message;

  MessageHeaders(HttpMessage message) {
    this.message = message;
  }

  public final @Nullable String header(String name) {
    Header first = message.getFirstHeader(name);
    return first == null ? null : first.getValue();
  }

  @Override
  public final void setHeader(String name, String value) {
    message.setHeader(name, value);
  }

  @Override
  public final void addHeader(String name, String value) {
    message.addHeader(name, value);
  }

  @Override
  public final void removeHeader(String name) {
    message.removeHeaders(name);
  }
}
