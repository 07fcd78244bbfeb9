package dev.weft.policy.resource;

import dev.weft.policy.document.Problem;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** The resources of a text, or everything that is wrong with it. Immutable. */
public final class ReadResult {
  private final List<Resource> resources;
  private final List<Problem> problems;

  ReadResult(List<Resource> resources, List<Problem> problems) {
    this.resources = Collections.unmodifiableList(new ArrayList<>(resources));
    this.problems = Collections.unmodifiableList(new ArrayList<>(problems));
  }

  /** Returns whether the text as a whole is accepted. */
  public boolean accepted() {
    return problems.isEmpty();
  }

  /** Returns the resources in the order of the text; empty when there is any problem. */
  public List<Resource> resources() {
    return problems.isEmpty() ? resources : Collections.<Resource>emptyList();
  }

  /** Returns every problem found, in the order of the text. */
  public List<Problem> problems() {
    return problems;
  }
}
