package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.JsonNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.push.Questions;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import java.util.List;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeoutException;

/**
 * What an instance would do with a request: passed on to its agent, which alone knows, and whose
 * answer is passed back as it is.
 */
final class ExplainApi {
  private static final int MAX_REASON = 2_000;

  /** A request line and headers of the largest request that servers take, and room. */
  private static final int MAX_QUESTION_BYTES = 64 * 1024;

  private final Registry registry;
  private final WatchHub hub;
  private final Questions questions;

  ExplainApi(Registry registry, WatchHub hub, Questions questions) {
    this.registry = registry;
    this.hub = hub;
    this.questions = questions;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(
            HttpMethod.POST, "/v1/instances/{instanceId}/explain", Role.OPERATOR, this::explain),
        new Endpoint(HttpMethod.POST, "/v1/agent/answers", Role.AGENT, this::answer));
  }

  private HttpResponse explain(Call call) throws Exception {
    String id = call.path("instanceId");
    if (registry.find(id) == null) {
      throw ApiError.notFound("there is no instance \"" + id + "\"; meshctl status shows them");
    }
    if (call.bytes().length > MAX_QUESTION_BYTES) {
      throw ApiError.badRequest("a question may have at most " + MAX_QUESTION_BYTES + " bytes");
    }
    try {
      return Call.json(hub.ask(questions, id, call.body()).get());
    } catch (ExecutionException failed) {
      if (failed.getCause() instanceof Questions.Unanswered why) {
        throw ApiError.of(
            HttpStatus.CONFLICT, "no-answer", "instance " + id + ": " + why.getMessage());
      }
      if (failed.getCause() instanceof TimeoutException) {
        throw ApiError.of(
            HttpStatus.GATEWAY_TIMEOUT,
            "no-answer",
            "instance " + id + " did not answer in time: its agent is busy, cut off, or too old");
      }
      throw failed;
    }
  }

  private HttpResponse answer(Call call) throws ApiError {
    String instance = call.text("instance");
    RegisteredInstance known = registry.find(instance);
    if (known == null || !known.identity().equals(call.caller().workload())) {
      throw ApiError.of(
          HttpStatus.FORBIDDEN, "forbidden", "the instance " + instance + " is not the caller's");
    }
    String question = call.text("question");
    String error = call.text("error", "");
    JsonNode answer = call.body().path("answer");
    if (error.isEmpty() && !answer.isObject()) {
      throw ApiError.badRequest("the request body must have an \"answer\" or an \"error\"");
    }
    boolean wanted =
        error.isEmpty()
            ? questions.answer(instance, question, answer)
            : questions.refuse(
                instance, question, error.substring(0, Math.min(error.length(), MAX_REASON)));
    return Call.json(Json.object().put("wanted", wanted));
  }
}
