package dev.weft.agent.extension.advice;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;

/**
 * An {@code Object} parameter of advice: a value that the module says is to be handed to the hook;
 * null where it names fewer. Primitive values are boxed.
 */
@Retention(RetentionPolicy.RUNTIME)
@Target(ElementType.PARAMETER)
public @interface Handed {
  /** Which of them, from 0. */
  int value();
}
