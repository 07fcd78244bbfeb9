package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.dataplane.jwt.TokenProblem;
import dev.weft.dataplane.jwt.Verification;
import dev.weft.dataplane.jwt.VerifiedToken;
import dev.weft.policy.snapshot.JwtRule;
import java.util.ArrayList;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * The rules about tokens that hold for this workload. Every token in a place that any rule reads
 * must be valid under one of the rules that read it there; a request without any passes.
 * Thread-safe.
 */
final class Authentication {
  private final List<JwtRule> documents;
  private final TokenRule[] rules;
  private final TokenPlace[] places;

  /** For each place, the rules that read it, in their order. */
  private final int[][] readers;

  private final String[] outputs;
  private final LongSupplier epochMillis;

  private Authentication(
      List<JwtRule> documents,
      TokenRule[] rules,
      TokenPlace[] places,
      int[][] readers,
      String[] outputs,
      LongSupplier epochMillis) {
    this.documents = documents;
    this.rules = rules;
    this.places = places;
    this.readers = readers;
    this.outputs = outputs;
    this.epochMillis = epochMillis;
  }

  static Authentication of(List<JwtRule> documents, LongSupplier epochMillis) {
    TokenRule[] rules = new TokenRule[documents.size()];
    List<TokenPlace> places = new ArrayList<>();
    List<List<Integer>> readers = new ArrayList<>();
    Set<String> outputs = new LinkedHashSet<>();
    for (int i = 0; i < rules.length; i++) {
      rules[i] = TokenRule.of(documents.get(i));
      for (TokenPlace place : rules[i].places()) {
        int known = 0;
        while (known < places.size() && !places.get(known).isSameAs(place)) {
          known++;
        }
        if (known == places.size()) {
          places.add(place);
          readers.add(new ArrayList<>());
        }
        if (!readers.get(known).contains(i)) {
          readers.get(known).add(i);
        }
      }
      for (String output : rules[i].outputs()) {
        outputs.add(output.toLowerCase(Locale.ROOT));
      }
    }
    return new Authentication(
        documents,
        rules,
        places.toArray(new TokenPlace[0]),
        numbers(readers),
        outputs.toArray(new String[0]),
        epochMillis);
  }

  private static int[][] numbers(List<List<Integer>> lists) {
    int[][] numbers = new int[lists.size()][];
    for (int i = 0; i < numbers.length; i++) {
      numbers[i] = new int[lists.get(i).size()];
      for (int j = 0; j < numbers[i].length; j++) {
        numbers[i][j] = lists.get(i).get(j);
      }
    }
    return numbers;
  }

  /** Whether it is made of these rules. */
  boolean isOf(List<JwtRule> rulesOfPolicy) {
    return documents.equals(rulesOfPolicy);
  }

  /** Takes out what nobody but us may say: what a token said (promise A3). */
  void removeOutputs(InboundRequest request) {
    for (String output : outputs) {
      request.removeHeader(output);
    }
  }

  /** Judges, and changes the request's headers for what follows. */
  Verdict judge(InboundRequest request) {
    removeOutputs(request);
    if (CorsFilter.isPreflight(request)) {
      return Verdict.PROCEED;
    }
    long now = epochMillis.getAsLong() / 1000;
    Taken first = null;
    for (int i = 0; i < places.length; i++) {
      String text = places[i].find(request);
      if (text == null) {
        continue;
      }
      Taken taken = take(i, text, now);
      VerifiedToken token = taken.token;
      if (token == null) {
        return refuse(taken.problem, rules[taken.rule], request);
      }
      if (!rules[taken.rule].forwards()) {
        places[i].hide(request);
      }
      if (first == null || taken.rule < first.rule) {
        first = taken;
      }
    }
    if (first != null && first.token != null) {
      // Where a request cannot carry the token, the failure of the cast denies.
      ((AuthenticatedRequest) request).accept(first.token);
      rules[first.rule].tell(first.token, request);
    }
    return Verdict.PROCEED;
  }

  /** What became of a token: which rule took it, or has the most to say about why none did. */
  private static final class Taken {
    private final int rule;
    private final @Nullable VerifiedToken token;
    private final TokenProblem problem;

    Taken(int rule, @Nullable VerifiedToken token, TokenProblem problem) {
      this.rule = rule;
      this.token = token;
      this.problem = problem;
    }
  }

  private Taken take(int place, String text, long now) {
    int rule = readers[place][0];
    if (text.equals(TokenPlace.AMBIGUOUS)) {
      return new Taken(rule, null, TokenProblem.TWO_TOKENS);
    }
    TokenProblem problem = TokenProblem.ISSUER;
    for (int reader : readers[place]) {
      Verification verification = rules[reader].verifier().verify(text, now);
      if (verification.token() != null) {
        return new Taken(reader, verification.token(), problem);
      }
      TokenProblem why = verification.problem();
      if (why != null && why != TokenProblem.ISSUER) {
        problem = why;
        rule = reader;
      }
    }
    return new Taken(rule, null, problem);
  }

  private static Verdict refuse(TokenProblem problem, TokenRule rule, InboundRequest request) {
    LocalReply reply =
        LocalReply.of(
            problem.status(),
            ReplyKind.RESPONSE,
            ResponseFlag.UAEX,
            InboundStage.AUTHENTICATE.name(),
            rule.policy(),
            problem.text());
    return Verdict.reject(
        problem.status() == 401
            ? reply.with(
                "WWW-Authenticate",
                "Bearer realm=\"" + realm(request) + "\", error=\"invalid_token\"")
            : reply);
  }

  /** The URL without query, as a sidecar says it; without what would end the quotes. */
  private static String realm(InboundRequest request) {
    List<String> hosts = request.headers("host");
    String path = request.rawPath();
    int query = path.indexOf('?');
    String url =
        request.scheme()
            + "://"
            + (hosts.isEmpty() ? "" : hosts.get(0))
            + (query < 0 ? path : path.substring(0, query));
    StringBuilder safe = new StringBuilder(url.length());
    for (int i = 0; i < url.length(); i++) {
      char c = url.charAt(i);
      if (c > ' ' && c < 0x7f && c != '"' && c != '\\') {
        safe.append(c);
      }
    }
    return safe.toString();
  }

  /** What it finds in each place, and which rule takes it or why none does; says no token. */
  List<String> describe(InboundRequest request) {
    List<String> lines = new ArrayList<>();
    if (CorsFilter.isPreflight(request)) {
      lines.add("a CORS preflight: its tokens are not looked at");
      return lines;
    }
    long now = epochMillis.getAsLong() / 1000;
    for (int i = 0; i < places.length; i++) {
      String text = places[i].find(request);
      if (text == null || text.equals(TokenPlace.AMBIGUOUS)) {
        lines.add(places[i] + ": " + (text == null ? "no token" : "different tokens"));
        continue;
      }
      for (int reader : readers[i]) {
        Verification verification = rules[reader].verifier().verify(text, now);
        lines.add(
            places[i]
                + ", rule of "
                + rules[reader].policy()
                + " for issuer "
                + (rules[reader].issuer().isEmpty() ? "(any)" : rules[reader].issuer())
                + ": "
                + outcome(verification));
      }
    }
    return lines;
  }

  private static String outcome(Verification verification) {
    VerifiedToken token = verification.token();
    TokenProblem problem = verification.problem();
    return token == null
        ? "refused: " + (problem == null ? "" : problem.text())
        : "valid; principal " + principal(token);
  }

  /** {@code issuer/subject}, as policies name it; null when one of them is missing. */
  static @Nullable String principal(@Nullable VerifiedToken token) {
    return token == null || token.issuer() == null || token.subject() == null
        ? null
        : token.issuer() + "/" + token.subject();
  }
}
