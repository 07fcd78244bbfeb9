package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.filter.HeaderEditor;
import okhttp3.Headers;
import org.jspecify.annotations.Nullable;

/** The headers of a message of this library, being edited. */
class HopHeaders implements HeaderEditor {
  private final Headers.Builder headers;
  private boolean edited;

  HopHeaders(Headers headers) {
    this.headers = headers.newBuilder();
  }

  /** Whether anything was changed. */
  final boolean edited() {
    return edited;
  }

  /** The headers as they are now. */
  final Headers headers() {
    return headers.build();
  }

  public final @Nullable String header(String name) {
    return headers.get(name);
  }

  @Override
  public final void setHeader(String name, String value) {
    edited = true;
    headers.set(name, value);
  }

  @Override
  public final void addHeader(String name, String value) {
    edited = true;
    headers.add(name, value);
  }

  @Override
  public final void removeHeader(String name) {
    edited = true;
    headers.removeAll(name);
  }
}
