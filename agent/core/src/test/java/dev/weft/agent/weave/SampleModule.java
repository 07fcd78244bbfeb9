package dev.weft.agent.weave;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.Role;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Collections;
import java.util.List;

/** Weaves {@code library.Sample}, which tests generate. */
public final class SampleModule extends InstrumentationModule {
  private final AdviceBinding binding;

  public SampleModule() {
    this(Role.ENFORCING, AdviceBinding.of("twice", "(I)I", "dev.weft.agent.weave.SampleAdvice"));
  }

  SampleModule(Role role, AdviceBinding binding) {
    super("sample-1", role, Library.named("Sample").opens("some.where").build());
    this.binding = binding;
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Collections.singletonList(TypeInstrumentation.of("library.Sample", binding));
  }
}
