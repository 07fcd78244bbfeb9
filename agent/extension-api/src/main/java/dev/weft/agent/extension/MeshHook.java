package dev.weft.agent.extension;

import dev.weft.bootstrap.Hook;
import java.util.Objects;

/**
 * A hook of an instrumentation: where woven advice leaves the library and the mesh decides.
 *
 * <p>Subclasses have exactly one constructor, public, with a {@link HookContext}; advice finds them
 * by their binary name with {@code Hooks.find(owner, "dev.weft.instrumentation.tomcat.GateHook")}.
 * They, and every class of their package {@code dev.weft.instrumentation.*} they use, are defined
 * once per class loader of the library (the <em>hook loader</em>), where {@code dev.weft.*} is the
 * agent's and everything else is the library's and what it sees. One instance serves all threads.
 *
 * <p>Nothing outside the hook loader may refer to a hook for longer than a call, or the library's
 * class loader cannot be collected: no listeners in the data plane, no thread locals with own
 * classes, no threads.
 */
public abstract class MeshHook extends Hook {
  private final HookContext context;

  /** For the subclass's constructor of the same shape. */
  protected MeshHook(HookContext context) {
    this.context = Objects.requireNonNull(context, "context");
  }

  /** What the agent offers. */
  protected final HookContext context() {
    return context;
  }
}
