package dev.weft.controlserver.ca;

import java.util.Optional;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Who a workload is, written {@code spiffe://trust-domain/ns/NAMESPACE/sa/SERVICE-ACCOUNT} as Istio
 * writes it.
 *
 * <p>Character sets are those of the SPIFFE ID specification, narrowed to Kubernetes' label rule
 * for namespaces, so that one identity has exactly one spelling.
 */
public record WorkloadIdentity(String trustDomain, String namespace, String serviceAccount) {
  private static final Pattern TRUST_DOMAIN = Pattern.compile("[a-z0-9][a-z0-9._-]{0,254}");
  private static final Pattern NAMESPACE = Pattern.compile("[a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?");
  private static final Pattern SERVICE = Pattern.compile("[a-z0-9]([a-z0-9_-]{0,61}[a-z0-9])?");
  private static final Pattern ACCOUNT =
      Pattern.compile("[A-Za-z0-9]([A-Za-z0-9._-]{0,251}[A-Za-z0-9])?");
  private static final Pattern URI = Pattern.compile("spiffe://([^/]+)/ns/([^/]+)/sa/([^/]+)");

  /**
   * @throws IllegalArgumentException naming the part that is malformed and the rule it breaks
   */
  public WorkloadIdentity {
    check(
        TRUST_DOMAIN, "trust domain", trustDomain, "lower-case letters, digits, '.', '-' and '_'");
    requireNamespace(namespace);
    check(
        ACCOUNT,
        "serviceAccount",
        serviceAccount,
        "letters, digits, '.', '-' and '_', at most 253 characters");
  }

  public String uri() {
    return "spiffe://" + trustDomain + "/ns/" + namespace + "/sa/" + serviceAccount;
  }

  /**
   * The identity that {@code uri} spells exactly, or empty when it is no workload identity of this
   * form.
   */
  public static Optional<WorkloadIdentity> parse(String uri) {
    Matcher parts = URI.matcher(uri);
    if (uri.length() > 2048 || !parts.matches()) {
      return Optional.empty();
    }
    try {
      return Optional.of(new WorkloadIdentity(parts.group(1), parts.group(2), parts.group(3)));
    } catch (IllegalArgumentException malformed) {
      return Optional.empty();
    }
  }

  public static void requireTrustDomain(String trustDomain) {
    check(
        TRUST_DOMAIN, "trust domain", trustDomain, "lower-case letters, digits, '.', '-' and '_'");
  }

  /** Namespaces follow Kubernetes' DNS label rule, because policy is written against them. */
  public static void requireNamespace(String namespace) {
    check(
        NAMESPACE,
        "namespace",
        namespace,
        "lower-case letters, digits and '-', at most 63 characters");
  }

  /** Service names become host names; '_' is let through since legacy host names carry it. */
  public static void requireService(String service) {
    check(
        SERVICE,
        "service",
        service,
        "lower-case letters, digits, '-' and '_', at most 63 characters");
  }

  private static void check(Pattern rule, String part, String value, String allowed) {
    if (!rule.matcher(value).matches()) {
      String seen = value.length() > 80 ? value.substring(0, 80) + "..." : value;
      throw new IllegalArgumentException(part + " '" + seen + "' is malformed: use " + allowed);
    }
  }
}
