package dev.weft.instrumentation.apachehttpclient5;

import dev.weft.dataplane.filter.LocalReply;
import java.nio.charset.StandardCharsets;
import org.apache.hc.core5.http.ClassicHttpResponse;
import org.apache.hc.core5.http.ContentType;
import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.io.entity.ByteArrayEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpResponse;

/** Responses that the mesh gives itself. They hold no connection. */
final class LocalResponse {
  static final ContentType TYPE = ContentType.create("text/plain", StandardCharsets.UTF_8);

  private LocalResponse() {}

  static ClassicHttpResponse of(LocalReply reply) {
    ClassicHttpResponse response = new BasicClassicHttpResponse(reply.status());
    describe(response, reply);
    response.setEntity(new ByteArrayEntity(body(reply), TYPE));
    return response;
  }

  static byte[] body(LocalReply reply) {
    return reply.body().getBytes(StandardCharsets.UTF_8);
  }

  static void describe(HttpResponse response, LocalReply reply) {
    response.addHeader("Content-Type", "text/plain; charset=utf-8");
    response.addHeader("Content-Length", Integer.toString(body(reply).length));
    response.addHeader(LocalReply.HEADER, reply.headerValue());
  }
}
