package dev.weft.agent.weave;

import dev.weft.agent.extension.HandedValue;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.advice.Changed;
import dev.weft.agent.extension.advice.Handed;
import dev.weft.agent.extension.advice.HookName;
import java.util.List;
import net.bytebuddy.asm.Advice;
import net.bytebuddy.description.annotation.AnnotationDescription;
import net.bytebuddy.description.method.MethodDescription;
import net.bytebuddy.description.method.ParameterDescription;
import net.bytebuddy.description.type.TypeDescription;
import net.bytebuddy.dynamic.ClassFileLocator;
import net.bytebuddy.implementation.bytecode.assign.Assigner;
import net.bytebuddy.implementation.bytecode.constant.NullConstant;
import net.bytebuddy.pool.TypePool;
import org.jspecify.annotations.Nullable;

/** Advice with what a {@link HookCall} says put into its parameters. Stateless. */
final class HookCallAdvice {
  private static final TypeDescription.Generic OBJECT =
      TypeDescription.ForLoadedType.of(Object.class).asGenericType();

  private HookCallAdvice() {}

  static Advice of(HookCall call, TypePool pool, ClassFileLocator files) {
    Advice.WithCustomMapping mapping =
        Advice.withCustomMapping()
            .bind(HookName.class, (Object) call.hookClassName())
            .bind(new HandedValues(call.handed()));
    HandedValue changed = call.changed();
    if (changed != null) {
      mapping = mapping.bind(Changed.class, argument(changed.index(), false));
    }
    TypeDescription advice = pool.describe(call.adviceClassName()).resolve();
    return call.exitClassName().equals(call.adviceClassName())
        ? mapping.to(advice, files)
        : mapping.to(advice, pool.describe(call.exitClassName()).resolve(), files);
  }

  /**
   * What the call says of a method's types. In the hook they would show only when it is called.
   *
   * @return what is missing, null when nothing is
   */
  static @Nullable String missing(HookCall call, MethodDescription method, TypePool pool) {
    for (HandedValue value : call.handed()) {
      String type = value.type();
      if (type != null && !takes(method, value.index(), type, false, pool)) {
        return taking(method, value);
      }
    }
    HandedValue changed = call.changed();
    String type = changed == null ? null : changed.type();
    if (changed != null && type != null && !takes(method, changed.index(), type, true, pool)) {
      return taking(method, changed);
    }
    String answer = call.answer();
    return answer == null
            || pool.describe(answer).resolve().isAssignableTo(method.getReturnType().asErasure())
        ? null
        : method.getInternalName() + " that may return a " + answer;
  }

  private static String taking(MethodDescription method, HandedValue value) {
    return method.getInternalName() + " with a " + value.type() + " at " + value.index();
  }

  private static boolean takes(
      MethodDescription method, int index, String type, boolean written, TypePool pool) {
    if (index >= method.getParameters().size()) {
      return false;
    }
    TypeDescription parameter = method.getParameters().get(index).getType().asErasure();
    TypeDescription wanted = pool.describe(type).resolve();
    return parameter.isAssignableTo(wanted) && (!written || wanted.isAssignableTo(parameter));
  }

  private static Advice.OffsetMapping argument(int index, boolean readOnly) {
    return new Advice.OffsetMapping.ForArgument.Unresolved(
        OBJECT, readOnly, Assigner.Typing.DYNAMIC, index);
  }

  /** For {@link Handed}. */
  private static final class HandedValues implements Advice.OffsetMapping.Factory<Handed> {
    private final List<HandedValue> values;

    HandedValues(List<HandedValue> values) {
      this.values = values;
    }

    @Override
    public Class<Handed> getAnnotationType() {
      return Handed.class;
    }

    @Override
    public Advice.OffsetMapping make(
        ParameterDescription.InDefinedShape target,
        AnnotationDescription.Loadable<Handed> annotation,
        AdviceType adviceType) {
      int index = annotation.getValue("value").resolve(Integer.class);
      return mapping(index < values.size() ? values.get(index) : HandedValue.nothing());
    }

    private static Advice.OffsetMapping mapping(HandedValue value) {
      switch (value.source()) {
        case SELF:
          return new Advice.OffsetMapping.ForThisReference(
              OBJECT, true, Assigner.Typing.DYNAMIC, false);
        case ARGUMENT:
          return argument(value.index(), true);
        case ARGUMENTS:
          return new Advice.OffsetMapping.ForAllArguments(
              OBJECT, true, Assigner.Typing.DYNAMIC, false, false);
        case FIELD:
          return new Advice.OffsetMapping.ForField.Unresolved.WithImplicitType(
              OBJECT, true, Assigner.Typing.DYNAMIC, value.name());
        case NOTHING:
        default:
          return new Advice.OffsetMapping.ForStackManipulation(
              NullConstant.INSTANCE, OBJECT, OBJECT, Assigner.Typing.STATIC);
      }
    }
  }
}
