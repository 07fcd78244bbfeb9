package dev.weft.instrumentation.apachehttpclient;

import dev.weft.dataplane.filter.LocalReply;
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
    reply.eachHeader(this::addHeader);
    addHeader("Content-Length", Integer.toString(reply.length()));
    ByteArrayEntity body = new ByteArrayEntity(reply.content());
    body.setContentType(getFirstHeader("Content-Type"));
    setEntity(body);
  }
}
