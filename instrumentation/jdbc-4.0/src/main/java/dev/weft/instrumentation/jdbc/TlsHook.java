package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import org.jspecify.annotations.Nullable;

/** Gives a driver what it makes TLS with, of the type that it asks for. */
public final class TlsHook extends MeshHook {
  /** For the hook loader. */
  public TlsHook(HookContext context) {
    super(context);
  }

  @Override
  public Object enter(
      @Nullable Object type, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
    return TlsMaterial.handed((String) requireNonNull(type));
  }
}
