package dev.weft.controlserver.compile;

import dev.weft.policy.resource.ExtensionProvider;
import dev.weft.policy.resource.MeshConfigSpec;
import dev.weft.policy.snapshot.AuthorizationPolicy;
import dev.weft.policy.snapshot.ExternalAuthorizer;
import java.util.ArrayList;
import java.util.List;
import java.util.Set;
import java.util.TreeSet;

/** Whom policies of action CUSTOM ask, as agents get it. */
final class AuthorizerRules {
  private AuthorizerRules() {}

  /**
   * The authorizers that the policies name, in the order of their names. One that the MeshConfig
   * does not have, or whose service is not known, is left out: agents then refuse what the policy
   * matches, as Istio's proxies do.
   */
  static List<ExternalAuthorizer> compile(
      List<AuthorizationPolicy> policies,
      MeshConfigSpec mesh,
      ServiceCatalog catalog,
      String rootNamespace) {
    Set<String> names = new TreeSet<>();
    for (AuthorizationPolicy policy : policies) {
      if (policy.action == AuthorizationPolicy.Action.CUSTOM && !policy.dryRun) {
        names.add(policy.provider);
      }
    }
    List<ExternalAuthorizer> authorizers = new ArrayList<>();
    for (String name : names) {
      ExtensionProvider provider = mesh.provider(name);
      ExternalAuthorizer written = provider == null ? null : provider.extAuthzHttp;
      if (written != null) {
        int slash = written.host.indexOf('/');
        String namespace = slash < 0 ? rootNamespace : written.host.substring(0, slash);
        String host = catalog.resolve(written.host.substring(slash + 1), namespace);
        if (catalog.knows(host)) {
          authorizers.add(written.toBuilder().host(host).build());
        }
      }
    }
    return List.copyOf(authorizers);
  }
}
