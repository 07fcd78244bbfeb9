package dev.weft.dataplane.filter;

import org.jspecify.annotations.Nullable;

/** The head of a request as matchers read it. Used by one thread at a time. */
public interface RequestHead {
  /** Method in upper case, such as {@code GET}. */
  String method();

  /** {@code http} or {@code https}. */
  String scheme();

  /** {@code host[:port]} as the application wrote it. */
  String authority();

  /** Raw path with {@code ?query}, never empty; {@code *} for OPTIONS. */
  String path();

  /** The first value, or null when the header is absent. Names are case-insensitive. */
  @Nullable String header(String name);
}
