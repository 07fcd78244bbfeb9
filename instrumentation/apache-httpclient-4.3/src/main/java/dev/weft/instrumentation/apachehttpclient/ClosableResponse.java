package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import org.apache.http.client.methods.CloseableHttpResponse;

/** A response that the mesh gives itself, of the type that chains answer. */
final class ClosableResponse extends LocalResponse implements CloseableHttpResponse {
  ClosableResponse(LocalReply reply) {
    super(reply);
  }

  @Override
  public void close() {}
}
