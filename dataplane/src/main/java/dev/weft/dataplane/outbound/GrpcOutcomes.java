package dev.weft.dataplane.outbound;

import dev.weft.dataplane.snapshot.EndpointPool;
import dev.weft.policy.snapshot.LoadBalancer;

/**
 * What an answer of gRPC says of its instance. The status of HTTP is 200 whatever became of the
 * call; as in Envoy, {@code grpc-status} among the headers (an answer without messages) is taken
 * for the status of HTTP that gRPC's own table has for it.
 */
final class GrpcOutcomes {
  private static final int UNKNOWN = 500;

  /** By code of gRPC, as Envoy's Grpc::Utility::grpcToHttpStatus. */
  private static final int[] HTTP = {
    200, 499, 500, 400, 504, 404, 409, 403, 429, 400, 409, 400, 501, 500, 503, 500, 401
  };

  private GrpcOutcomes() {}

  /** Whether the attempt's {@code grpc-status} is read: for retries, or to judge its endpoint. */
  static boolean isRead(OutboundExchange exchange) {
    EndpointPool pool = exchange.pool;
    return exchange.retry.readsGrpcStatus()
        || (pool != null
            && (pool.outliers() != null || pool.policy().loadBalancer == LoadBalancer.EWMA));
  }

  /** The status of HTTP that the endpoint is judged by; 0 when there was no answer. */
  static int status(OutboundExchange exchange) {
    String grpc = exchange.grpcStatus;
    return grpc == null || !isGrpc(exchange.request()) ? exchange.status : http(grpc);
  }

  private static boolean isGrpc(OutboundRequest request) {
    String type = request.header("content-type");
    return type != null && type.startsWith("application/grpc");
  }

  private static int http(String grpc) {
    int code = code(grpc);
    return code < 0 || code >= HTTP.length ? UNKNOWN : HTTP[code];
  }

  /** The number; -1 for what is none, or has more than two digits. */
  private static int code(String grpc) {
    int length = grpc.length();
    int code = length == 0 || length > 2 ? -1 : 0;
    for (int i = 0; i < length && code >= 0; i++) {
      int digit = grpc.charAt(i) - '0';
      code = digit < 0 || digit > 9 ? -1 : code * 10 + digit;
    }
    return code;
  }
}
