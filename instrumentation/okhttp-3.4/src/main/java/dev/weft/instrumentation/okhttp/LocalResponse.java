package dev.weft.instrumentation.okhttp;

import dev.weft.dataplane.filter.LocalReply;
import java.util.List;
import java.util.Map;
import okhttp3.MediaType;
import okhttp3.Protocol;
import okhttp3.Request;
import okhttp3.Response;
import okhttp3.ResponseBody;

/** Responses that the mesh gives itself. They hold no connection. */
final class LocalResponse {
  private LocalResponse() {}

  static Response of(LocalReply reply, Request request) {
    byte[] body = reply.content();
    Response.Builder response =
        new Response.Builder()
            .request(request)
            .protocol(Protocol.HTTP_1_1)
            .code(reply.status())
            .message("")
            .header("Content-Length", Integer.toString(reply.length()));
    String type = null;
    for (Map.Entry<String, List<String>> header : reply.headers().entrySet()) {
      for (String value : header.getValue()) {
        response.addHeader(header.getKey(), value);
        type = header.getKey().equalsIgnoreCase("content-type") ? value : type;
      }
    }
    return response
        .body(ResponseBody.create(type == null ? null : MediaType.parse(type), body))
        .build();
  }
}
