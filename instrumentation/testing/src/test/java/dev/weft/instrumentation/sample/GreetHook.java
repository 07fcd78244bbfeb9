package dev.weft.instrumentation.sample;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.Outcome;
import dev.weft.bootstrap.Permit;

public final class GreetHook extends MeshHook {
  public GreetHook(HookContext context) {
    super(context);
  }

  @Override
  public Object enter(Object self, Object name, Object b, Object c) {
    switch (String.valueOf(name)) {
      case "Eve":
        return Outcome.failed(new SecurityException("Eve is not greeted"));
      case "Bob":
        return Outcome.returned(
            "Hi Bob, from " + getClass().getClassLoader().getClass().getSimpleName());
      case "Bug":
        throw new StackOverflowError("injected");
      default:
        return Permit.GRANTED;
    }
  }
}
