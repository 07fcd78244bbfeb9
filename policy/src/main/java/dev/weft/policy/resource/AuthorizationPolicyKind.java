package dev.weft.policy.resource;

import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Istio AuthorizationPolicy: the table of its fields. */
final class AuthorizationPolicyKind {
  static final int MAX_RULES = 512;

  /** What a segment of a template may be beside an operator: RFC 3986, but for the star. */
  private static final Pattern LITERAL = Pattern.compile("[-a-zA-Z0-9._~%!$&'()+,;:@=]+");

  private static final Pattern SLASHES_AROUND = Pattern.compile("^/+|/+$");

  private static final String[] OPERATION_FIELDS = {
    "hosts", "notHosts", "ports", "notPorts", "methods", "notMethods", "paths", "notPaths"
  };

  private static final String[] SOURCE_FIELDS = {
    "principals", "notPrincipals", "namespaces", "notNamespaces", "serviceAccounts",
    "notServiceAccounts", "ipBlocks", "notIpBlocks", "remoteIpBlocks", "notRemoteIpBlocks",
    "requestPrincipals", "notRequestPrincipals", "trustDomains", "notTrustDomains"
  };

  /** Sources and conditions that CUSTOM cannot ask about, as its rules come before identities. */
  private static final String[] NOT_FOR_CUSTOM = {
    "principals",
    "notPrincipals",
    "namespaces",
    "notNamespaces",
    "serviceAccounts",
    "notServiceAccounts",
    "requestPrincipals",
    "notRequestPrincipals"
  };

  private static final Type SOURCE =
      ObjectType.of("source")
          .field("principals", texts("a principal", Checks::notEmpty))
          .field("notPrincipals", texts("a principal", Checks::notEmpty))
          .field("namespaces", texts("a namespace", Checks::notEmpty))
          .field("notNamespaces", texts("a namespace", Checks::notEmpty))
          .field("serviceAccounts", serviceAccounts())
          .field("notServiceAccounts", serviceAccounts())
          .field("ipBlocks", texts("an IP block", Checks::ipBlock))
          .field("notIpBlocks", texts("an IP block", Checks::ipBlock))
          .field("remoteIpBlocks", texts("an IP block", Checks::ipBlock))
          .field("notRemoteIpBlocks", texts("an IP block", Checks::ipBlock))
          .field("requestPrincipals", texts("issuer/subject", Checks::notEmpty))
          .field("notRequestPrincipals", texts("issuer/subject", Checks::notEmpty))
          .field("trustDomains", texts("a trust domain", Checks::notEmpty))
          .field("notTrustDomains", texts("a trust domain", Checks::notEmpty))
          .rule(AuthorizationPolicyKind::checkSource)
          .build();

  private static final Type OPERATION =
      ObjectType.of("operation")
          .field("hosts", texts("a host", Checks::notEmpty))
          .field("notHosts", texts("a host", Checks::notEmpty))
          .field("ports", texts("a port", Checks::portText))
          .field("notPorts", texts("a port", Checks::portText))
          .field("methods", texts("a method", Checks::notEmpty))
          .field("notMethods", texts("a method", Checks::notEmpty))
          .field("paths", texts("a path", AuthorizationPolicyKind::path))
          .field("notPaths", texts("a path", AuthorizationPolicyKind::path))
          .rule(operation -> requireAny(operation, OPERATION_FIELDS))
          .build();

  private static final Type CONDITION =
      ObjectType.of("when")
          .required("key", Scalars.text("an attribute", ConditionKeys::problem))
          .field("values", texts("a value", Checks::notEmpty))
          .field("notValues", texts("a value", Checks::notEmpty))
          .rule(ConditionKeys::check)
          .build();

  /** Also of other kinds that say for which requests they hold. */
  static final Type RULE =
      ObjectType.of("rule")
          .field(
              "from",
              ListType.of(ObjectType.of("from").required("source", SOURCE).build())
                  .nonEmpty()
                  .atMost(MAX_RULES))
          .field(
              "to",
              ListType.of(ObjectType.of("to").required("operation", OPERATION).build()).nonEmpty())
          .field("when", ListType.of(CONDITION))
          .build();

  static final ObjectType SPEC =
      ObjectType.of("AuthorizationPolicy")
          .field("selector", Shared.SELECTOR)
          .field("action", Scalars.choice("ALLOW", "DENY", "AUDIT", "CUSTOM"))
          .field("rules", ListType.of(RULE).atMost(MAX_RULES))
          .field(
              "provider",
              ObjectType.of("provider")
                  .field(
                      "name", Scalars.text("the name of an extension provider", Checks::notEmpty))
                  .build())
          .field("targetRef", PolicyTargets.REF)
          .field("targetRefs", PolicyTargets.REFS)
          .rule(AuthorizationPolicyKind::checkPolicy)
          .build();

  private AuthorizationPolicyKind() {}

  private static Type texts(String what, Check check) {
    return ListType.of(Scalars.text(what, check));
  }

  private static Type serviceAccounts() {
    return ListType.of(Scalars.text("a service account", AuthorizationPolicyKind::serviceAccount))
        .atMost(16);
  }

  static @Nullable String serviceAccount(String text) {
    String[] parts = text.split("/", -1);
    boolean named = parts.length <= 2 && text.length() <= 320 && text.indexOf('*') < 0;
    for (String part : parts) {
      named &= !part.isEmpty();
    }
    return named
        ? null
        : "must be name or namespace/name of at most 320 characters, without *, not \""
            + text
            + '"';
  }

  private static @Nullable String path(String text) {
    boolean template = text.contains("{*}") || text.contains("{**}");
    boolean last = false;
    for (String segment : SLASHES_AROUND.matcher(text).replaceAll("").split("/", -1)) {
      boolean operator = segment.equals("{*}") || segment.equals("{**}");
      if (operator && last) {
        return "must have {**} as its last operator, not \"" + text + '"';
      }
      last |= segment.equals("{**}");
      if (!operator && (segment.indexOf('{') >= 0 || segment.indexOf('}') >= 0)) {
        return "must use {*} and {**} as whole segments and no other braces, not \"" + text + '"';
      }
      if (!operator && template && !LITERAL.matcher(segment).matches()) {
        return "must have plain segments beside {*} and {**}, not \"" + segment + '"';
      }
    }
    return Checks.notEmpty(text);
  }

  private static void checkSource(ObjectView source) {
    requireAny(source, SOURCE_FIELDS);
    if (source.hasAny("serviceAccounts", "notServiceAccounts")
        && source.hasAny("principals", "notPrincipals", "namespaces", "notNamespaces")) {
      source.invalid(
          source.has("serviceAccounts") ? "serviceAccounts" : "notServiceAccounts",
          "must not stand beside principals or namespaces");
    }
  }

  /** An empty part would match everything, which nobody means who writes one. */
  private static void requireAny(ObjectView object, String[] fields) {
    for (String field : fields) {
      if (object.hasContent(field)) {
        return;
      }
    }
    object.invalid("must not be empty; say what to match");
  }

  private static void checkPolicy(ObjectView spec) {
    String action = spec.text("action");
    if ((action.equals("DENY") || action.equals("CUSTOM")) && !spec.hasContent("rules")) {
      spec.invalid(
          "rules", "is required with " + action + "; write rules: [{}] to match every request");
    }
    if (spec.has("provider") && !action.equals("CUSTOM")) {
      spec.invalid("provider", "is for the action CUSTOM only; remove it");
    }
    if (action.equals("CUSTOM")) {
      checkCustom(spec);
    }
    PolicyTargets.checkSelection(spec);
  }

  private static void checkCustom(ObjectView spec) {
    ObjectView provider = spec.object("provider");
    if (provider == null || provider.text("name").isEmpty()) {
      spec.invalid(
          "provider", "is required with CUSTOM; write provider: {name: ...} of MeshConfig");
    }
    for (ObjectView rule : spec.objects("rules")) {
      for (ObjectView from : rule.objects("from")) {
        ObjectView source = from.object("source");
        for (String field : NOT_FOR_CUSTOM) {
          if (source != null && source.hasContent(field)) {
            source.invalid(field, "cannot stand in a rule of action CUSTOM");
          }
        }
      }
      for (ObjectView when : rule.objects("when")) {
        String key = when.text("key");
        if (key.equals("source.namespace")
            || key.equals("source.serviceAccount")
            || key.equals("source.principal")
            || key.startsWith("request.auth.")) {
          when.invalid("key", key + " cannot stand in a rule of action CUSTOM");
        }
      }
    }
  }
}
