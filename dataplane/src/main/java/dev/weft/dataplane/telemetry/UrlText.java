package dev.weft.dataplane.telemetry;

import java.util.Arrays;
import java.util.Collections;
import java.util.HashSet;
import java.util.Set;

/**
 * A request's path as it may be shown. Values of query parameters that sign a request are replaced,
 * as the OpenTelemetry semantic conventions for {@code url.full} and {@code url.query} require.
 */
final class UrlText {

  private static final Set<String> SECRET_PARAMETERS =
      Collections.unmodifiableSet(
          new HashSet<>(
              Arrays.asList(
                  "AWSAccessKeyId",
                  "Signature",
                  "sig",
                  "X-Goog-Signature",
                  "access_token",
                  "token",
                  "password")));
  private static final String REDACTED = "REDACTED";

  private UrlText() {}

  /** Path and query with secret values replaced. */
  static String redact(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    if (query < 0) {
      return pathAndQuery;
    }
    StringBuilder out = new StringBuilder(pathAndQuery.length()).append(pathAndQuery, 0, query + 1);
    int at = query + 1;
    while (at <= pathAndQuery.length()) {
      int end = pathAndQuery.indexOf('&', at);
      int stop = end < 0 ? pathAndQuery.length() : end;
      int equals = pathAndQuery.indexOf('=', at);
      if (equals >= 0
          && equals < stop
          && SECRET_PARAMETERS.contains(pathAndQuery.substring(at, equals))) {
        out.append(pathAndQuery, at, equals + 1).append(REDACTED);
      } else {
        out.append(pathAndQuery, at, stop);
      }
      if (end < 0) {
        break;
      }
      out.append('&');
      at = end + 1;
    }
    return out.toString();
  }

  /** The part before the query. */
  static String path(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0 ? pathAndQuery : pathAndQuery.substring(0, query);
  }

  /** The query without its question mark, secrets replaced; empty when there is none. */
  static String query(String pathAndQuery) {
    int query = pathAndQuery.indexOf('?');
    return query < 0 ? "" : redact(pathAndQuery).substring(query + 1);
  }
}
