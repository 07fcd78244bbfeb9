package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.filter.LocalReply;
import java.nio.charset.StandardCharsets;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Responses that the mesh gives itself. They hold no connection. */
final class LocalResponse {
  private static final String TYPE = "text/plain; charset=utf-8";

  private LocalResponse() {}

  static Response of(LocalReply reply, Request request) {
    byte[] body = reply.body().getBytes(StandardCharsets.UTF_8);
    return new Response.Builder()
        .request(request)
        .protocol(Protocol.HTTP_1_1)
        .code(reply.status())
        .message("")
        .header("Content-Type", TYPE)
        .header("Content-Length", Integer.toString(body.length))
        .header(LocalReply.HEADER, reply.headerValue())
        .body(ResponseBody.create(MediaType.parse(TYPE), body))
        .build();
  }
}
