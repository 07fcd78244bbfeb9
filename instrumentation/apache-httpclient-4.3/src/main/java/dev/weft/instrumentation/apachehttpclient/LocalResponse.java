package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import java.util.Locale;
import org.apache.http.HttpVersion;
import org.apache.http.client.methods.CloseableHttpResponse;
import org.apache.http.entity.ContentType;
import org.apache.http.entity.StringEntity;
import org.apache.http.impl.EnglishReasonPhraseCatalog;
import org.apache.http.message.BasicHttpResponse;

/** A response that the mesh gives itself. It holds no connection, so closing it does nothing. */
final class LocalResponse extends BasicHttpResponse implements CloseableHttpResponse {
  private LocalResponse(int status, String reason) {
    super(HttpVersion.HTTP_1_1, status, reason);
  }

  static CloseableHttpResponse of(LocalReply reply) {
    String reason = EnglishReasonPhraseCatalog.INSTANCE.getReason(reply.status(), Locale.ENGLISH);
    LocalResponse response = new LocalResponse(reply.status(), reason);
    StringEntity body = new StringEntity(reply.body(), ContentType.create("text/plain", "UTF-8"));
    response.addHeader("Content-Type", "text/plain; charset=utf-8");
    response.addHeader("Content-Length", Long.toString(body.getContentLength()));
    response.addHeader(LocalReply.HEADER, reply.headerValue());
    response.setEntity(body);
    return response;
  }

  @Override
  public void close() {}
}
