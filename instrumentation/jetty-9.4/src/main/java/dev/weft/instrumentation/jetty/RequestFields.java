package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.inbound.MeshHeaders;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Predicate;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;
import org.jspecify.annotations.Nullable;

/**
 * The header fields of a request. Their class is mutable in Jetty 9.4 and an immutable interface in
 * 10 and 11, so it is used as what it is in all of them, an {@link Iterable}. Stateless.
 */
final class RequestFields {
  private RequestFields() {}

  /**
   * Takes the mesh's own headers out: nobody but the mesh may write them (promise A3).
   *
   * @return whether there is a header that calls of the application must carry on
   */
  static boolean strip(Request request) {
    Iterable<HttpField> fields = fields(request);
    boolean carries = false;
    boolean reserved = false;
    for (HttpField field : fields) {
      reserved |= MeshHeaders.isReserved(field.getName());
      carries |= MeshHeaders.isCarriedOn(field.getName());
    }
    if (reserved) {
      replace(request, MeshHeaders::isReserved, null);
    }
    return carries;
  }

  @SuppressWarnings("unchecked") // what Jetty declares in all versions
  private static Iterable<HttpField> fields(Request request) {
    return (Iterable<HttpField>) (Object) request.getHttpFields();
  }

  /**
   * Takes the fields out whose names are {@code unwanted} and puts one in, or none when it is null.
   */
  static void replace(Request request, Predicate<String> unwanted, @Nullable HttpField instead) {
    Iterable<HttpField> fields = fields(request);
    List<HttpField> kept = new ArrayList<>();
    for (HttpField field : fields) {
      if (!unwanted.test(field.getName())) {
        kept.add(field);
      }
    }
    if (instead != null) {
      kept.add(instead);
    }
    try {
      Class<?> type = Request.class.getMethod("getHttpFields").getReturnType();
      if (type.isInterface()) {
        // Jetty 10 and 11.
        Object made =
            type.getMethod("from", HttpField[].class)
                .invoke(null, (Object) kept.toArray(new HttpField[0]));
        Request.class.getMethod("setHttpFields", type).invoke(request, made);
      } else {
        type.getMethod("clear").invoke(fields);
        for (HttpField field : kept) {
          type.getMethod("add", HttpField.class).invoke(fields, field);
        }
      }
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("headers of the request cannot be changed", e);
    }
  }
}
