package dev.weft.policy.cel;

import com.google.re2j.Pattern;
import dev.weft.policy.cel.CelExpression.Node;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.Durations;
import java.time.Duration;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/** Reads one expression by recursive descent. For one text, one thread. */
final class CelParser {
  private static final int MAX_LENGTH = 4_096;
  private static final int MAX_DEPTH = 50;

  private final CelTokens tokens;
  private final Set<String> headers = new HashSet<>();
  private int depth;

  CelParser(String text) throws CelException {
    if (text.length() > MAX_LENGTH) {
      throw new CelException(true, "is longer than " + MAX_LENGTH + " characters");
    }
    this.tokens = new CelTokens(text);
  }

  CelExpression parse() throws CelException {
    Node root = or();
    if (tokens.is("?")) {
      throw beyond("a choice by ?:");
    }
    if (!tokens.atEnd()) {
      throw tokens.unexpected("an operator or the end");
    }
    return new CelExpression(root, headers);
  }

  static CelException beyond(String what) {
    return new CelException(false, what + " in an expression");
  }

  private Node or() throws CelException {
    Node left = and();
    while (tokens.take("||")) {
      Node a = left;
      Node b = and();
      left = source -> CelOperators.either(a.value(source), b.value(source));
    }
    return left;
  }

  private Node and() throws CelException {
    Node left = relation();
    while (tokens.take("&&")) {
      Node a = left;
      Node b = relation();
      left = source -> CelOperators.both(a.value(source), b.value(source));
    }
    return left;
  }

  private Node relation() throws CelException {
    Node left = unary();
    for (String operator : new String[] {"==", "!=", "<=", ">=", "<", ">"}) {
      if (tokens.take(operator)) {
        Node right = unary();
        return source -> CelOperators.compare(operator, left.value(source), right.value(source));
      }
    }
    if (tokens.takeWord("in")) {
      return in(left);
    }
    for (String operator : new String[] {"+", "-", "*", "/", "%"}) {
      if (tokens.is(operator)) {
        throw beyond("arithmetic (" + operator + ")");
      }
    }
    return left;
  }

  private Node in(Node left) throws CelException {
    if (!tokens.is("[")) {
      throw beyond("\"in\" something that is no list");
    }
    List<Node> elements = list();
    return source -> {
      Object value = left.value(source);
      if (value == null) {
        return null;
      }
      for (Node element : elements) {
        if (Boolean.TRUE.equals(CelOperators.compare("==", value, element.value(source)))) {
          return true;
        }
      }
      return false;
    };
  }

  private List<Node> list() throws CelException {
    tokens.require("[");
    List<Node> elements = new ArrayList<>();
    while (!tokens.take("]")) {
      elements.add(or());
      if (!tokens.is("]")) {
        tokens.require(",");
      }
    }
    return elements;
  }

  private Node unary() throws CelException {
    if (++depth > MAX_DEPTH) {
      throw new CelException(true, "is nested more than " + MAX_DEPTH + " levels deep");
    }
    Node node = nested();
    depth--;
    return node;
  }

  private Node nested() throws CelException {
    if (tokens.take("!")) {
      Node inner = unary();
      return source -> {
        Object value = inner.value(source);
        return value instanceof Boolean ? (Object) !(Boolean) value : null;
      };
    }
    if (tokens.take("(")) {
      Node inner = or();
      tokens.require(")");
      return methods(inner);
    }
    Object literal = tokens.takeLiteral();
    if (literal != null) {
      return methods(source -> literal);
    }
    String word = tokens.takeName();
    if (word == null) {
      throw tokens.unexpected("a value");
    }
    return methods(named(word));
  }

  private Node named(String word) throws CelException {
    if (word.equals("true") || word.equals("false")) {
      Boolean value = word.equals("true");
      return source -> value;
    }
    if (word.equals("duration") && tokens.is("(")) {
      return duration();
    }
    if (tokens.is("(")) {
      throw beyond("the function " + word);
    }
    StringBuilder path = new StringBuilder(word);
    while (tokens.is(".") && !tokens.isCallAfterDot()) {
      tokens.require(".");
      String next = tokens.takeName();
      if (next == null) {
        throw tokens.unexpected("a name");
      }
      path.append('.').append(next);
    }
    CelFact fact = CelFact.named(path.toString());
    if (fact == null) {
      throw beyond("the attribute " + path);
    }
    if (fact != CelFact.REQUEST_HEADERS) {
      if (tokens.is("[")) {
        throw beyond("an index into " + fact);
      }
      return source -> source.value(fact, "");
    }
    tokens.require("[");
    Object key = tokens.takeLiteral();
    if (!(key instanceof String)) {
      throw tokens.unexpected("the name of a header in quotes");
    }
    tokens.require("]");
    String header = ((String) key).toLowerCase(Locale.ROOT);
    headers.add(header);
    return source -> source.value(fact, header);
  }

  private Node duration() throws CelException {
    tokens.require("(");
    Object text = tokens.takeLiteral();
    String problem =
        text instanceof String ? Checks.duration((String) text) : "must be a text in quotes";
    if (problem != null || text == null) {
      throw new CelException(true, "duration " + problem);
    }
    tokens.require(")");
    Duration value = Duration.ofNanos(Durations.nanos(text.toString()));
    return source -> value;
  }

  private Node methods(Node on) throws CelException {
    Node result = on;
    while (tokens.take(".")) {
      String method = tokens.takeName();
      if (method == null) {
        throw tokens.unexpected("the name of a function");
      }
      tokens.require("(");
      if (tokens.is(")")) {
        throw beyond("the function " + method);
      }
      Node argument = or();
      tokens.require(")");
      result = method(result, method, argument);
    }
    if (tokens.is("[")) {
      throw beyond("an index");
    }
    return result;
  }

  private static Node method(Node on, String name, Node argument) throws CelException {
    switch (name) {
      case "startsWith":
        return texts(on, argument, String::startsWith);
      case "endsWith":
        return texts(on, argument, String::endsWith);
      case "contains":
        return texts(on, argument, String::contains);
      case "matches":
        Object regex = argument.value((fact, key) -> null);
        if (!(regex instanceof String)) {
          throw beyond("matches with anything but a text in quotes");
        }
        String problem = Checks.regex((String) regex);
        if (problem != null) {
          throw new CelException(true, "matches " + problem);
        }
        Pattern pattern = Pattern.compile((String) regex);
        return texts(on, argument, (text, same) -> pattern.matcher(text).find());
      default:
        throw beyond("the function " + name);
    }
  }

  /** A question about two texts. */
  @FunctionalInterface
  private interface Question {
    boolean ask(String text, String argument);
  }

  private static Node texts(Node on, Node argument, Question question) {
    return source -> {
      @Nullable Object text = on.value(source);
      @Nullable Object other = argument.value(source);
      return text instanceof String && other instanceof String
          ? (Object) question.ask((String) text, (String) other)
          : null;
    };
  }
}
