package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.Explanation;
import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Verdict;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.Condition;
import dev.weft.policy.snapshot.InboundPolicy;
import dev.weft.policy.snapshot.Operation;
import dev.weft.policy.snapshot.Rule;
import dev.weft.policy.snapshot.Source;
import java.util.Collections;
import java.util.List;
import java.util.Map;

/**
 * Asks the filters whether a request may enter, and each rule of each policy by itself why. For one
 * request, one thread.
 */
final class InboundExplanation {
  private final InboundPolicy document;
  private final CompiledInbound policy;
  private final InboundRequest request;
  private final Explanation out = new Explanation();

  InboundExplanation(InboundPolicy document, InboundRequest request) {
    this.document = document;
    this.policy = CompiledInbound.of(document);
    this.request = policy.authenticable(request);
  }

  Map<String, Object> explain() {
    out.step(
        InboundStage.IDENTIFY,
        "mTLS mode "
            + policy.mode(request.localPort())
            + " on port "
            + request.localPort()
            + "; the caller "
            + (request.peer() == null ? "comes in plaintext" : "is " + request.peer()));
    apply(new IdentifyFilter());
    if (!out.ended()) {
      cors();
    }
    if (!out.ended()) {
      check();
    }
    if (!out.ended()) {
      authenticate();
    }
    if (!out.ended()) {
      out.step(
          InboundStage.AUTHORIZE,
          policy.letsAllIn()
              ? "no ALLOW and no DENY policy: everybody is let in"
              : policy.deny().length + " DENY, " + policy.allow().length + " ALLOW");
      for (AuthorizationPolicy each : document.authorization) {
        if (each.action != AuthorizationPolicy.Action.CUSTOM) {
          policy(each);
        }
      }
      apply(new AuthorizeFilter());
      if (!out.ended()) {
        out.detail("allowed");
        trial();
        limits();
        shedding();
      }
    }
    return out.toMap();
  }

  private void cors() {
    CompiledCors cors = policy.cors();
    if (cors == null || !CorsFilter.hasOrigin(request)) {
      return;
    }
    int rules = document.cors.size();
    out.step(InboundStage.CORS, rules + (rules == 1 ? " rule" : " rules"));
    CorsGrant grant = cors.find(request);
    if (grant == null) {
      out.detail("no rule says anything about other origins for it");
      return;
    }
    boolean allowed = CorsFilter.allowed(request, grant) != null;
    out.detail(grant + (allowed ? " allows the origin" : " does not allow the origin"));
    if (CorsFilter.isPreflight(request) && !allowed && grant.forwardsUnmatched()) {
      out.detail("a preflight: the application gets it");
    }
    apply(new CorsFilter());
  }

  /** Nobody is asked: an explanation must not be seen by others. */
  private void check() {
    int before = 0;
    for (AuthorizationPolicy each : document.authorization) {
      if (each.action == AuthorizationPolicy.Action.CUSTOM) {
        if (before++ == 0) {
          out.step(InboundStage.CHECK, "policies that leave the decision to an authorizer");
        }
        policy(each);
      }
    }
    CustomPolicies custom = policy.custom();
    if (custom == null) {
      return;
    }
    CustomPolicies.Matched matched = custom.matching(new Facts(request, policy.trustedProxies()));
    if (matched != null) {
      matched.describe().forEach(out::detail);
      out.detail("nobody is asked for an explanation; what follows is if the request is let in");
    }
    Verdict verdict =
        new CheckFilter(Authorizers.NONE, (provider, outcome) -> {}, () -> 0)
            .judge(request, policy);
    LocalReply reply = verdict.reply();
    if (reply != null) {
      out.end(reply);
    }
  }

  private void authenticate() {
    Authentication authentication = policy.authentication();
    if (authentication == null) {
      return;
    }
    int rules = document.jwtRules.size();
    out.step(InboundStage.AUTHENTICATE, rules + (rules == 1 ? " JWT rule" : " JWT rules"));
    authentication.describe(request).forEach(out::detail);
    apply(new AuthenticateFilter());
    if (!out.ended()) {
      String principal = Authentication.principal(request.token());
      out.detail("request principal: " + (principal == null ? "none" : principal));
    }
  }

  private void trial() {
    Facts facts = new Facts(request, policy.trustedProxies());
    for (PolicyMatcher each : policy.customTrial()) {
      if (each.matches(facts)) {
        out.detail("dry run: " + each.name() + " would have an authorizer asked");
      }
    }
    CompiledInbound trial = policy.trial();
    if (trial != null) {
      LocalReply reply = new AuthorizeFilter().judge(request, trial).reply();
      out.detail(
          "dry run: "
              + (reply == null
                  ? "would be allowed, too"
                  : "would be refused, status " + reply.status() + ", " + reply.headerValue()));
    }
  }

  /** What counts, not how much is left: asking must take nothing. */
  private void limits() {
    CompiledLimit[] limits = policy.limits();
    if (limits == null) {
      return;
    }
    out.step(InboundStage.LIMIT, limits.length + (limits.length == 1 ? " limit" : " limits"));
    Facts facts = new Facts(request, policy.trustedProxies());
    for (CompiledLimit limit : limits) {
      out.detail(limit + (limit.holdsFor(facts) ? " counts it" : " does not hold for it"));
    }
  }

  private void shedding() {
    int port = request.localPort();
    LoadShedder shedder = policy.shedder(port);
    if (shedder != null) {
      boolean own = document.portShedding.containsKey(port);
      out.step(
          InboundStage.ADMIT,
          "load shedding by " + shedder.name() + (own ? " for port " + port : ""));
      out.detail(shedder.describe(request, policy.trustedProxies()));
    }
  }

  private void apply(InboundFilter filter) {
    LocalReply reply = filter.judge(request, policy).reply();
    if (reply != null) {
      out.end(reply);
    }
  }

  private void policy(AuthorizationPolicy each) {
    String name =
        each.action + (each.dryRun ? " (dry run) " : " ") + each.namespace + "/" + each.name;
    if (each.rules.isEmpty()) {
      out.detail(name + " has no rule, so it matches nothing");
    }
    for (int i = 0; i < each.rules.size(); i++) {
      Rule rule = each.rules.get(i);
      String which = name + ", rule " + (i + 1) + " of " + each.rules.size();
      if (holds(each, rule)) {
        out.detail(which + " holds");
        continue;
      }
      out.detail(which + " does not hold:");
      if (!holds(each, Rule.builder().from(rule.from).build())) {
        out.detail("  from: the caller is none of " + sources(rule.from));
      }
      if (!holds(each, Rule.builder().to(rule.to).build())) {
        out.detail("  to: the request is none of " + operations(rule.to));
      }
      for (Condition condition : rule.when) {
        if (!holds(each, Rule.builder().when(Collections.singletonList(condition)).build())) {
          out.detail(
              "  when: "
                  + condition.key
                  + one("", condition.values)
                  + one(" not", condition.notValues)
                  + " does not hold");
        }
      }
    }
  }

  /** As the policy would judge, had it this rule only. */
  private boolean holds(AuthorizationPolicy of, Rule rule) {
    AuthorizationPolicy alone = of.toBuilder().rules(Collections.singletonList(rule)).build();
    return PolicyMatcher.of(alone).matches(new Facts(request, policy.trustedProxies()));
  }

  private static String sources(List<Source> sources) {
    StringBuilder text = new StringBuilder();
    for (Source source : sources) {
      text.append('{')
          .append(one("principals", source.principals))
          .append(one("notPrincipals", source.notPrincipals))
          .append(one("namespaces", source.namespaces))
          .append(one("notNamespaces", source.notNamespaces))
          .append(one("serviceAccounts", source.serviceAccounts))
          .append(one("notServiceAccounts", source.notServiceAccounts))
          .append(one("ipBlocks", source.ipBlocks))
          .append(one("notIpBlocks", source.notIpBlocks))
          .append(one("requestPrincipals", source.requestPrincipals))
          .append(one("notRequestPrincipals", source.notRequestPrincipals))
          .append(one("trustDomains", source.trustDomains))
          .append(one("notTrustDomains", source.notTrustDomains))
          .append(one("remoteIpBlocks", source.remoteIpBlocks))
          .append(one("notRemoteIpBlocks", source.notRemoteIpBlocks))
          .append(" }");
    }
    return text.toString();
  }

  private static String operations(List<Operation> operations) {
    StringBuilder text = new StringBuilder();
    for (Operation operation : operations) {
      text.append('{')
          .append(one("hosts", operation.hosts))
          .append(one("notHosts", operation.notHosts))
          .append(one("ports", operation.ports))
          .append(one("notPorts", operation.notPorts))
          .append(one("methods", operation.methods))
          .append(one("notMethods", operation.notMethods))
          .append(one("paths", operation.paths))
          .append(one("notPaths", operation.notPaths))
          .append(" }");
    }
    return text.toString();
  }

  private static String one(String name, List<String> values) {
    return values.isEmpty() ? "" : " " + name + values;
  }
}
