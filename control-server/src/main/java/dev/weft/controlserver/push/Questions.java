package dev.weft.controlserver.push;

import com.fasterxml.jackson.databind.JsonNode;
import java.security.SecureRandom;
import java.time.Duration;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;

/**
 * What operators have asked agents, until they answer. An answer counts only from the instance that
 * was asked. Thread-safe.
 */
public final class Questions {
  /** How long an agent has; it needs milliseconds, and the operator waits. */
  static final Duration PATIENCE = Duration.ofSeconds(5);

  private static final int MAX_OPEN = 64;

  private final SecureRandom random;
  private final Map<String, Open> open = new ConcurrentHashMap<>();

  private record Open(String instance, CompletableFuture<JsonNode> answer) {}

  /** There will be no answer. */
  public static final class Unanswered extends Exception {
    private static final long serialVersionUID = 1L;

    Unanswered(String why) {
      super(why, null, false, false);
    }
  }

  public Questions(SecureRandom random) {
    this.random = random;
  }

  /**
   * Opens a question.
   *
   * @param send sends it under the id that it is given
   */
  CompletableFuture<JsonNode> ask(String instance, Consumer<String> send) {
    CompletableFuture<JsonNode> answer = new CompletableFuture<>();
    if (open.size() >= MAX_OPEN) {
      answer.completeExceptionally(new Unanswered("too many questions are open; ask again"));
      return answer;
    }
    byte[] id = new byte[16];
    random.nextBytes(id);
    String key = HexFormat.of().formatHex(id);
    open.put(key, new Open(instance, answer));
    CompletableFuture<JsonNode> ended = answer.orTimeout(PATIENCE.toSeconds(), TimeUnit.SECONDS);
    var unused = ended.whenComplete((value, failure) -> open.remove(key));
    send.accept(key);
    return ended;
  }

  /** An agent's answer; whether anybody waits for it. */
  public boolean answer(String instance, String id, JsonNode answer) {
    Open asked = open.get(id);
    return asked != null && asked.instance().equals(instance) && asked.answer().complete(answer);
  }

  /** An agent has no answer; whether anybody waits for it. */
  public boolean refuse(String instance, String id, String why) {
    Open asked = open.get(id);
    return asked != null
        && asked.instance().equals(instance)
        && asked.answer().completeExceptionally(new Unanswered(why));
  }

  /** An agent cannot be asked. */
  void fail(String id, String why) {
    Open asked = open.get(id);
    if (asked != null) {
      asked.answer().completeExceptionally(new Unanswered(why));
    }
  }
}
