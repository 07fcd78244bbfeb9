package dev.weft.instrumentation.sample;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.List;

public final class GreeterModule extends InstrumentationModule {
  public GreeterModule() {
    super(
        "greeter-1",
        Role.ENFORCING,
        Library.named("Greeter")
            .versionOfJavaRuntime()
            .requires(
                "dev.weft.instrumentation.sample.Greeter",
                "greet(Ljava/lang/String;)Ljava/lang/String;")
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return List.of(
        TypeInstrumentation.of(
            "dev.weft.instrumentation.sample.Greeter",
            AdviceBinding.of(
                "greet",
                AdviceBinding.ANY,
                HookCall.decides(
                    "dev.weft.instrumentation.sample.GreetHook", self(), argument(0)))));
  }
}
