package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.HeaderEditor;
import org.apache.http.HttpResponse;

/** The headers of a response of this library. */
final class ResponseHeaders implements HeaderEditor {
  private final HttpResponse response;

  ResponseHeaders(HttpResponse response) {
    this.response = response;
  }

  @Override
  public void setHeader(String name, String value) {
    response.removeHeaders(name);
    response.addHeader(name, value);
  }

  @Override
  public void addHeader(String name, String value) {
    response.addHeader(name, value);
  }

  @Override
  public void removeHeader(String name) {
    response.removeHeaders(name);
  }
}
