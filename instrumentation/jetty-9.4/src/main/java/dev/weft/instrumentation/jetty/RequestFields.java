package dev.weft.instrumentation.jetty;

import dev.weft.dataplane.inbound.MeshHeaders;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.Iterator;
import java.util.List;
import org.eclipse.jetty.http.HttpField;
import org.eclipse.jetty.server.Request;

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
      remove(request, fields);
    }
    return carries;
  }

  @SuppressWarnings("unchecked") // what Jetty declares in all versions
  private static Iterable<HttpField> fields(Request request) {
    return (Iterable<HttpField>) (Object) request.getHttpFields();
  }

  private static void remove(Request request, Iterable<HttpField> fields) {
    try {
      for (Iterator<HttpField> all = fields.iterator(); all.hasNext(); ) {
        if (MeshHeaders.isReserved(all.next().getName())) {
          all.remove();
        }
      }
    } catch (UnsupportedOperationException immutable) {
      replace(request, fields);
    }
  }

  /** As Jetty 10 and 11 want it; a rare case, a client that plays the mesh. */
  private static void replace(Request request, Iterable<HttpField> fields) {
    List<HttpField> kept = new ArrayList<>();
    for (HttpField field : fields) {
      if (!MeshHeaders.isReserved(field.getName())) {
        kept.add(field);
      }
    }
    try {
      Class<?> type = Request.class.getMethod("getHttpFields").getReturnType();
      Object made =
          type.getMethod("from", HttpField[].class)
              .invoke(null, (Object) kept.toArray(new HttpField[0]));
      Method setter = Request.class.getMethod("setHttpFields", type);
      setter.invoke(request, made);
    } catch (ReflectiveOperationException e) {
      throw new IllegalStateException("headers of the mesh cannot be taken out", e);
    }
  }
}
