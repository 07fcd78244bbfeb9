package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.Question;
import dev.weft.dataplane.filter.ReplyKind;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import dev.weft.policy.snapshot.InboundPolicy;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/**
 * The policies of action CUSTOM, by the authorizer that they leave the decision to. As in Istio one
 * that names nobody who can be asked refuses what it matches. Immutable.
 */
final class CustomPolicies {
  private final OfOne[] groups;
  private final boolean needsPath;
  private final boolean needsHost;

  private CustomPolicies(OfOne[] groups) {
    this.groups = groups;
    boolean path = false;
    boolean host = false;
    for (OfOne group : groups) {
      for (PolicyMatcher policy : group.policies) {
        path |= policy.needsPath();
        host |= policy.needsHost();
      }
    }
    this.needsPath = path;
    this.needsHost = host;
  }

  /** The policies that ask one authorizer. */
  private static final class OfOne {
    private final List<PolicyMatcher> policies = new ArrayList<>();
    private @Nullable CompiledAuthorizer authorizer;

    @Nullable PolicyMatcher matching(Facts facts) {
      for (PolicyMatcher policy : policies) {
        if (policy.matches(facts)) {
          return policy;
        }
      }
      return null;
    }
  }

  /** Those of a policy that has any. */
  static CustomPolicies of(InboundPolicy policy) {
    Map<String, OfOne> groups = new TreeMap<>();
    for (AuthorizationPolicy each : policy.authorization) {
      if (each.action == AuthorizationPolicy.Action.CUSTOM && !each.dryRun) {
        OfOne group = groups.get(each.provider);
        if (group == null) {
          group = new OfOne();
          groups.put(each.provider, group);
        }
        group.policies.add(PolicyMatcher.of(each));
      }
    }
    for (ExternalAuthorizer each : policy.authorizers) {
      OfOne group = groups.get(each.name);
      if (group != null) {
        group.authorizer = new CompiledAuthorizer(each);
      }
    }
    return new CustomPolicies(groups.values().toArray(new OfOne[0]));
  }

  boolean needsPath() {
    return needsPath;
  }

  boolean needsHost() {
    return needsHost;
  }

  /** Whom to ask about a request, in the order of their names; null for nobody. */
  @Nullable Matched matching(Facts facts) {
    Matched matched = null;
    for (OfOne group : groups) {
      PolicyMatcher policy = group.matching(facts);
      if (policy != null) {
        matched = matched == null ? new Matched() : matched;
        matched.policies.add(policy.name());
        matched.authorizers.add(group.authorizer);
      }
    }
    return matched;
  }

  /** Whom to ask about one request, and for which policy. */
  static final class Matched {
    private final List<String> policies = new ArrayList<>();
    private final List<@Nullable CompiledAuthorizer> authorizers = new ArrayList<>();

    /** The refusal for want of somebody to ask; null when there is everybody. */
    @Nullable LocalReply unknown() {
      for (int i = 0; i < policies.size(); i++) {
        if (authorizers.get(i) == null) {
          return LocalReply.of(
              403,
              ReplyKind.RESPONSE,
              ResponseFlag.UAEX,
              InboundStage.CHECK.name(),
              policies.get(i),
              AuthorizeFilter.DENIED);
        }
      }
      return null;
    }

    /** Asks one after the other, until one refuses. */
    Question about(InboundRequest request, CheckFilter filter) {
      return deadline -> {
        for (int i = 0; i < policies.size(); i++) {
          CompiledAuthorizer authorizer = authorizers.get(i);
          LocalReply reply =
              authorizer == null
                  ? unknown()
                  : authorizer.ask(request, policies.get(i), filter, deadline);
          if (reply != null) {
            return reply;
          }
        }
        return null;
      };
    }

    /** For people: which policy asks whom. */
    List<String> describe() {
      List<String> lines = new ArrayList<>();
      for (int i = 0; i < policies.size(); i++) {
        CompiledAuthorizer authorizer = authorizers.get(i);
        lines.add(
            policies.get(i)
                + (authorizer == null
                    ? " names a provider that is not known here, so the request is refused"
                    : " asks " + authorizer));
      }
      return lines;
    }
  }
}
