package dev.weft.agent.weave;

import java.io.IOException;

/** A library's class, for {@link HookCallTest}. */
public final class HookCallSample {
  @SuppressWarnings("unused") // handed over
  private final String own = "own";

  public String echo(Object text, int number) throws IOException {
    if (number < 0) {
      throw new IOException("of the library");
    }
    return text + " " + number;
  }
}
