package dev.weft.instrumentation.sample;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

public final class GreeterModule extends InstrumentationModule {
  @Override
  public String name() {
    return "greeter-1";
  }

  @Override
  public Library library() {
    return Library.named("Greeter")
        .versionOfJavaRuntime()
        .requires(
            "dev.weft.instrumentation.sample.Greeter",
            "greet(Ljava/lang/String;)Ljava/lang/String;")
        .build();
  }

  @Override
  public Role role() {
    return Role.ENFORCING;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return List.of(
        TypeInstrumentation.of(
            "dev.weft.instrumentation.sample.Greeter",
            AdviceBinding.of("greet", "*", "dev.weft.instrumentation.sample.GreetAdvice")));
  }
}
