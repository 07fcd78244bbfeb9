package dev.weft.instrumentation.testing.support;

import java.lang.reflect.Method;
import java.nio.file.Path;
import java.util.List;
import java.util.Optional;
import java.util.stream.Collectors;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.extension.DynamicTestInvocationContext;
import org.junit.jupiter.api.extension.ExtensionContext;
import org.junit.jupiter.api.extension.InvocationInterceptor;
import org.junit.jupiter.api.extension.ReflectiveInvocationContext;
import org.opentest4j.TestAbortedException;

/**
 * Runs the contract's cases that the unit states it {@code cannot} do, and expects them to fail.
 * One that passes fails the build: the statement is out of date. Reads {@code support.yaml} in the
 * working directory, the unit's folder.
 */
public final class StatedLimits implements InvocationInterceptor {
  private final List<Limit> limits;

  /** For JUnit. */
  public StatedLimits() {
    this(read(Path.of("")));
  }

  StatedLimits(List<Limit> limits) {
    this.limits = limits;
  }

  private static List<Limit> read(Path folder) {
    return SupportFile.in(folder).stream()
        .flatMap(support -> support.cannot().stream())
        .filter(limit -> limit.contractCase() != null)
        .toList();
  }

  @Override
  public void interceptTestMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context, arguments(invoked));
  }

  @Override
  public void interceptTestTemplateMethod(
      Invocation<@Nullable Void> invocation,
      ReflectiveInvocationContext<Method> invoked,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context, arguments(invoked));
  }

  @Override
  public void interceptDynamicTest(
      Invocation<@Nullable Void> invocation,
      DynamicTestInvocationContext invoked,
      ExtensionContext context)
      throws Throwable {
    run(invocation, context, context.getDisplayName());
  }

  private static String arguments(ReflectiveInvocationContext<Method> invoked) {
    return invoked.getArguments().stream().map(String::valueOf).collect(Collectors.joining(", "));
  }

  private void run(Invocation<@Nullable Void> invocation, ExtensionContext context, String with)
      throws Throwable {
    Limit limit = find(context, with);
    if (limit == null) {
      invocation.proceed();
      return;
    }
    try {
      invocation.proceed();
    } catch (TestAbortedException e) {
      throw e;
    } catch (Throwable e) {
      if (limit.showsAs() != null && !shows(e, limit.showsAs())) {
        throw new AssertionError(
            SupportFile.NAME + " says that this shows as: " + limit.showsAs(), e);
      }
      context.publishReportEntry("stated limit", limit.because());
      return;
    }
    throw new AssertionError(
        "passes, though "
            + SupportFile.NAME
            + " says that "
            + limit.contractCase()
            + " does not work: take that out");
  }

  private static boolean shows(@Nullable Throwable thrown, String text) {
    for (Throwable t = thrown; t != null; t = t.getCause()) {
      if (String.valueOf(t).contains(text)) {
        return true;
      }
    }
    return false;
  }

  private @Nullable Limit find(ExtensionContext context, String with) {
    Optional<ExtensionContext> at = Optional.of(context);
    while (at.isPresent() && at.get().getTestMethod().isEmpty()) {
      at = at.get().getParent();
    }
    if (at.isEmpty()) {
      return null;
    }
    String method = at.get().getRequiredTestMethod().getName();
    Class<?> type = at.get().getRequiredTestClass();
    return limits.stream()
        .filter(limit -> method.equals(limit.contractCase()))
        .filter(limit -> limit.with() == null || limit.with().equals(with))
        .filter(limit -> limit.in().isEmpty() || isIn(limit.in(), type))
        .findFirst()
        .orElse(null);
  }

  private static boolean isIn(List<String> names, Class<?> type) {
    for (Class<?> t = type; t != null; t = t.getEnclosingClass()) {
      if (names.contains(t.getSimpleName())) {
        return true;
      }
    }
    return false;
  }
}
