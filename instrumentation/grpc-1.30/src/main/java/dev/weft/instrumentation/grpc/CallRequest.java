package dev.weft.instrumentation.grpc;

import dev.weft.dataplane.outbound.OutboundRequest;
import io.grpc.Metadata;
import org.jspecify.annotations.Nullable;

/** One call as the mesh sees it: a POST whose path names the method. For one thread at a time. */
final class CallRequest implements OutboundRequest {
  private final String authority;
  private final String method;
  private final Metadata headers;
  private final SentMessages<?> messages;
  private @Nullable String otherMethod;
  private @Nullable String otherAuthority;

  /**
   * A call that starts.
   *
   * @param method full name, {@code pkg.Service/Method}
   * @param headers the application's, which are not changed
   */
  CallRequest(String authority, String method, Metadata headers, SentMessages<?> messages) {
    this.authority = authority;
    this.method = method;
    this.headers = new Metadata();
    this.headers.merge(headers);
    this.messages = messages;
  }

  /** The headers of the next attempt. */
  Metadata headers() {
    Metadata copy = new Metadata();
    copy.merge(headers);
    return copy;
  }

  /** The full name of the method that a rewrite asks for, or null. */
  @Nullable String otherMethod() {
    return otherMethod;
  }

  /** The authority that a rewrite asks for, or null. */
  @Nullable String otherAuthority() {
    return otherAuthority;
  }

  @Override
  public String method() {
    return "POST";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return authority;
  }

  @Override
  public String path() {
    return "/" + method;
  }

  @Override
  public @Nullable String header(String name) {
    if (isHost(name)) {
      String other = otherAuthority;
      return other == null ? authority : other;
    }
    // The library's transport writes it.
    return name.equals("content-type") ? "application/grpc" : Entries.first(headers, name);
  }

  private static boolean isHost(String name) {
    return name.equalsIgnoreCase("host") || name.equals(":authority");
  }

  @Override
  public void setHeader(String name, String value) {
    if (isHost(name)) {
      otherAuthority = value;
    } else {
      Entries.set(headers, name, value);
    }
  }

  @Override
  public void addHeader(String name, String value) {
    Entries.add(headers, name, value);
  }

  @Override
  public void removeHeader(String name) {
    Entries.remove(headers, name);
  }

  /** A method of gRPC has no query. */
  @Override
  public boolean rewritePath(String pathAndQuery) {
    if (pathAndQuery.indexOf('?') >= 0 || pathAndQuery.length() < 2) {
      return false;
    }
    otherMethod = pathAndQuery.substring(1);
    return true;
  }

  @Override
  public boolean rewriteAuthority(String other) {
    otherAuthority = other;
    return true;
  }

  @Override
  public boolean replayable() {
    return messages.replayable();
  }

  @Override
  public boolean ownsConnection() {
    return false;
  }

  @Override
  public boolean idempotent() {
    return false;
  }
}
