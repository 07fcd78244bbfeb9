package dev.weft.instrumentation.grpc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Has gRPC tell the mesh of a call, beside those whom the application has it tell. */
public final class TracersHook extends MeshHook {
  private final ServedCall.Factory factory = new ServedCall.Factory();

  /** For the hook loader. */
  public TracersHook(HookContext context) {
    super(context);
  }

  /**
   * @param factories those of the application
   * @return those and ours
   */
  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object factories, @Nullable Object b, @Nullable Object c) {
    List<?> own = (List<?>) requireNonNull(factories);
    List<Object> all = new ArrayList<>(own.size() + 1);
    all.addAll(own);
    all.add(factory);
    return all;
  }
}
