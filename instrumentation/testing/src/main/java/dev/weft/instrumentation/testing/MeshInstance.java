package dev.weft.instrumentation.testing;

/** An instance of a service on 127.0.0.1, whatever it speaks. */
public interface MeshInstance {
  /** Its name, also the identifier of its endpoint. */
  String name();

  /** Its port on 127.0.0.1. */
  int port();

  /** Whether it speaks TLS. */
  boolean isSecured();
}
