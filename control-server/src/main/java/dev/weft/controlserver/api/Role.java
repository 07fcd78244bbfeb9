package dev.weft.controlserver.api;

/** What a caller must show to use an endpoint; every endpoint has exactly one. */
public enum Role {
  /** Nothing. */
  OPEN,
  /** A join token, which the endpoint itself checks and uses up. */
  JOIN_TOKEN,
  /** A valid certificate of this mesh whose identity is not withdrawn. */
  AGENT,
  /** The admin token. */
  OPERATOR
}
