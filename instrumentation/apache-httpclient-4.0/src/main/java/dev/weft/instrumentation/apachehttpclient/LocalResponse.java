package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import org.apache.http.HttpVersion;
import org.apache.http.entity.ByteArrayEntity;
import org.apache.http.impl.EnglishReasonPhraseCatalog;
import org.apache.http.message.BasicHttpResponse;

/** A response that the mesh gives itself. It holds no connection. */
class LocalResponse extends BasicHttpResponse {
  LocalResponse(LocalReply reply) {
    super(
        HttpVersion.HTTP_1_1,
        reply.status(),
        EnglishReasonPhraseCatalog.INSTANCE.getReason(reply.status(), Locale.ENGLISH));
    byte[] text = reply.body().getBytes(StandardCharsets.UTF_8);
    ByteArrayEntity body = new ByteArrayEntity(text);
    body.setContentType("text/plain; charset=utf-8");
    addHeader("Content-Type", "text/plain; charset=utf-8");
    addHeader("Content-Length", Integer.toString(text.length));
    addHeader(LocalReply.HEADER, reply.headerValue());
    setEntity(body);
  }
}
