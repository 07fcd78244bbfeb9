package dev.weft.dataplane.filter;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What is decided about one request and why, in words, stage by stage. Who decides says so by
 * asking the code that decides for real calls, never by deciding again. Not thread-safe.
 */
public final class Explanation {
  /** More lines than anybody reads; a snapshot can have many rules. */
  private static final int MAX_LINES = 500;

  private final List<Map<String, Object>> steps = new ArrayList<>();
  private List<String> details = new ArrayList<>();
  private int lines;
  private boolean ended;

  /** An explanation without a step. */
  public Explanation() {}

  /** Begins the step of a stage. */
  public void step(Enum<?> stage, String text) {
    details = new ArrayList<>();
    Map<String, Object> step = new LinkedHashMap<>();
    step.put("stage", stage.name());
    step.put("text", text);
    step.put("details", details);
    steps.add(step);
  }

  /** Says more about the step that began last. */
  public void detail(String text) {
    if (lines < MAX_LINES) {
      details.add(text);
    } else if (lines == MAX_LINES) {
      details.add("(more is left out)");
    }
    lines++;
  }

  /** Ends with the mesh's own answer: a refusal, or what policy answers itself. */
  public void end(LocalReply reply) {
    ended = true;
    String policy = reply.policy().isEmpty() ? "" : " by " + reply.policy();
    if (reply.flag() == ResponseFlag.NONE) {
      List<String> location = reply.headers().get("location");
      detail(
          "answered"
              + policy
              + ": status "
              + reply.status()
              + (location == null ? "" : ", location " + location.get(0)));
    } else {
      detail("refused" + policy + ": status " + reply.status() + ", " + reply.reason());
    }
  }

  /** Whether the request goes no further. */
  public boolean ended() {
    return ended;
  }

  /** The steps as texts and lists. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("ended", ended);
    map.put("steps", steps);
    return map;
  }
}
