package dev.weft.instrumentation.apachehttpclient;

import dev.weft.agent.extension.HookContext;
import dev.weft.bootstrap.Outcome;
import dev.weft.dataplane.outbound.Target;
import java.io.IOException;
import org.apache.http.HttpClientConnection;
import org.apache.http.HttpException;
import org.apache.http.HttpRequest;
import org.apache.http.HttpResponse;
import org.apache.http.impl.client.RequestWrapper;
import org.apache.http.protocol.HttpContext;
import org.apache.http.protocol.HttpProcessor;
import org.apache.http.protocol.HttpRequestExecutor;
import org.jspecify.annotations.Nullable;

/**
 * The client's own executor, which a director sends each hop with: hands the hop to the driver when
 * the director holds a {@link Lease}. For the one thread of a director.
 */
final class DirectorExecutor extends HttpRequestExecutor {
  private final HookContext mesh;
  private final HttpRequestExecutor own;
  private final DirectorWire.Settings settings;
  private @Nullable Throwable failure;

  DirectorExecutor(HookContext mesh, HttpRequestExecutor own, DirectorWire.Settings settings) {
    this.mesh = mesh;
    this.own = own;
    this.settings = settings;
  }

  /** Whether the mesh ended a hop with this failure, after retries of its own. */
  boolean isFinal(IOException thrown) {
    return thrown == failure;
  }

  @Override
  public HttpResponse execute(
      HttpRequest request, HttpClientConnection connection, HttpContext context)
      throws IOException, HttpException {
    Lease lease = Lease.of(connection);
    if (lease == null) {
      return own.execute(request, connection, context);
    }
    Object outcome = drive(lease, request, context);
    HttpResponse response = (HttpResponse) Outcome.value(outcome);
    if (response == null) {
      throw failed(Outcome.failure(outcome));
    }
    return response;
  }

  private @Nullable Outcome drive(Lease lease, HttpRequest request, HttpContext context) {
    try {
      HttpRequest original =
          request instanceof RequestWrapper ? ((RequestWrapper) request).getOriginal() : request;
      if (request instanceof RequestWrapper) {
        RequestWrapper wrapper = (RequestWrapper) request;
        wrapper.setURI(InstanceRoute.direct(wrapper.getURI(), lease.route()));
      }
      HopBody body = HopBody.of(request, context);
      HopRequest hop = HopRequest.byRoute(request, original, lease.route().getTargetHost(), body);
      Target target = mesh.dataPlane().blocking().resolve(hop.scheme(), hop.authority());
      if (target == null) {
        return Outcome.failed(
            new IOException(hop.authority() + " left the service mesh meanwhile"));
      }
      Wire wire = new DirectorWire(lease, own, settings, hop, context);
      return Hops.drive(mesh, target, wire, hop, body, context);
    } catch (IOException e) {
      return Outcome.failed(e);
    } catch (RuntimeException e) {
      mesh.failed("call to " + lease.route().getTargetHost(), e);
      return null;
    }
  }

  private IOException failed(@Nullable Throwable cause) throws HttpException {
    failure = cause;
    if (cause instanceof HttpException) {
      throw (HttpException) cause;
    }
    if (cause instanceof Error) {
      throw (Error) cause;
    }
    if (cause instanceof RuntimeException) {
      throw (RuntimeException) cause;
    }
    return cause instanceof IOException
        ? (IOException) cause
        : new IOException(Outcome.UNDECIDED, cause);
  }

  @Override
  public void preProcess(HttpRequest request, HttpProcessor processor, HttpContext context)
      throws HttpException, IOException {
    own.preProcess(request, processor, context);
  }

  @Override
  public void postProcess(HttpResponse response, HttpProcessor processor, HttpContext context)
      throws HttpException, IOException {
    own.postProcess(response, processor, context);
  }
}
