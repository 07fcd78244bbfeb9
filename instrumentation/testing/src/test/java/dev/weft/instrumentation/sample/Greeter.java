package dev.weft.instrumentation.sample;

/** Stands for a library's class. */
public final class Greeter {
  private final String greeting;

  public Greeter(String greeting) {
    this.greeting = greeting;
  }

  public String greet(String name) {
    if (name.isEmpty()) {
      throw new IllegalArgumentException("no name");
    }
    return greeting + " " + name;
  }
}
