package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.LocalReply;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;
import org.jspecify.annotations.Nullable;

/** Responses that the mesh gives itself. They hold no connection. */
final class LocalResponse {
  private LocalResponse() {}

  static ClassicHttpResponse of(LocalReply reply) {
    ClassicHttpResponse response = new BasicClassicHttpResponse(reply.status());
    describe(response, reply);
    response.setEntity(new ByteArrayEntity(reply.content(), type(response)));
    return response;
  }

  static void describe(HttpResponse response, LocalReply reply) {
    reply.eachHeader(response::addHeader);
    response.addHeader("Content-Length", Integer.toString(reply.length()));
  }

  /** What the library is told of the body beside the headers; null when it is of no known type. */
  static @Nullable ContentType type(HttpResponse response) {
    Header type = response.getFirstHeader("Content-Type");
    return type == null ? null : ContentType.parseLenient(type.getValue());
  }
}
