package dev.weft.agent.weave;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;

/** A hook that cannot be made. */
public final class DefectiveHook extends MeshHook {
  public DefectiveHook(HookContext context) {
    super(context);
    throw new NoClassDefFoundError("library/Vanished");
  }
}
