package dev.weft.it.gamma;

import com.fasterxml.jackson.databind.JsonNode;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;

/** One request of a conformance test, and what must come of it. */
record Case(JsonNode json) {
  String method() {
    return json.at("/request/method").asText("GET");
  }

  /** Host, with a port where the case says so. */
  String host() {
    return json.at("/request/host").asText("echo");
  }

  String path() {
    return json.at("/request/path").asText("/");
  }

  /** But for Host, which says nothing about who is called. */
  Map<String, String> headers() {
    Map<String, String> headers = texts(json.at("/request/headers"));
    headers.keySet().removeIf(name -> name.equalsIgnoreCase("host"));
    return headers;
  }

  @Override
  public String toString() {
    return method() + " " + host() + path() + " " + headers();
  }

  /** What is wrong with an answer; empty when nothing is. */
  List<String> problems(Answer answer) {
    List<String> problems = new ArrayList<>();
    expect(problems, "status", json.at("/response/statusCode").asInt(200), answer.status());
    texts(json.at("/response/headers"))
        .forEach((name, value) -> expect(problems, name, value, answer.headers().get(lower(name))));
    for (JsonNode absent : json.at("/response/absentHeaders")) {
      expect(problems, absent.asText(), null, answer.headers().get(lower(absent.asText())));
    }
    if (json.has("redirectRequest")) {
      redirect(problems, URI.create(String.valueOf(answer.location())));
      return problems;
    }
    if (json.has("backend")) {
      expect(problems, "backend", json.path("backend").asText(), answer.backend());
    }
    // The path that a server got is not compared: the conformance suite's client for a mesh does
    // not
    // either, and one of its cases expects another than it asks for.
    texts(json.at("/expectedRequest/request/headers"))
        .forEach(
            (name, value) -> expect(problems, name, value, answer.received().get(lower(name))));
    for (JsonNode absent : json.at("/expectedRequest/absentHeaders")) {
      expect(problems, absent.asText(), null, answer.received().get(lower(absent.asText())));
    }
    return problems;
  }

  /** What the case does not name stays as in the request. */
  private void redirect(List<String> problems, URI location) {
    JsonNode wanted = json.path("redirectRequest");
    int colon = host().indexOf(':');
    String host = colon < 0 ? host() : host().substring(0, colon);
    expect(problems, "scheme", wanted.path("scheme").asText("http"), location.getScheme());
    expect(problems, "host", wanted.path("host").asText(host), location.getHost());
    expect(problems, "path", wanted.path("path").asText(path()), location.getPath());
    int port =
        wanted.path("port").asInt(colon < 0 ? -1 : Integer.parseInt(host().substring(colon + 1)));
    boolean implied = port == (location.getScheme().equals("https") ? 443 : 80);
    expect(problems, "port", implied ? -1 : port, location.getPort());
  }

  private static void expect(List<String> problems, String what, Object wanted, Object got) {
    if (wanted == null ? got != null : !wanted.equals(got)) {
      problems.add(what + " is " + got + ", not " + wanted);
    }
  }

  private static String lower(String name) {
    return name.toLowerCase(Locale.ROOT);
  }

  private static Map<String, String> texts(JsonNode object) {
    Map<String, String> texts = new LinkedHashMap<>();
    object.fieldNames().forEachRemaining(name -> texts.put(name, object.path(name).asText()));
    return texts;
  }
}
