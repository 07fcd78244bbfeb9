package dev.weft.policy.resource;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;

/** What a VirtualService says. Immutable. */
public final class VirtualServiceSpec {
  /** Hosts as written: short names, full names and {@code *.suffix}. */
  public final List<String> hosts;

  /** Rules in order; their hosts are to be resolved with {@link HostNames#inFull}. */
  public final List<HttpRule> rules;

  /** Rules for connections whose requests nobody reads: those by TLS server name come first. */
  public final List<ConnectionRule> connectionRules;

  /** To whom it is there; of a delegate, to whose rules. */
  public final Visibility visibility;

  /** Whether it is for callers in the mesh, and not only for gateways, which Weft has none of. */
  public final boolean inMesh;

  private VirtualServiceSpec(
      List<String> hosts,
      List<HttpRule> rules,
      List<ConnectionRule> connectionRules,
      Visibility visibility,
      boolean inMesh) {
    this.inMesh = inMesh;
    this.hosts = Collections.unmodifiableList(hosts);
    this.rules = Collections.unmodifiableList(rules);
    this.connectionRules = Collections.unmodifiableList(connectionRules);
    this.visibility = visibility;
  }

  static VirtualServiceSpec of(SpecFields spec, String namespace) {
    List<String> gateways = spec.texts("gateways");
    List<ConnectionRule> connections = new ArrayList<>(spec.objects("tls", ConnectionRule::of));
    connections.addAll(spec.objects("tcp", ConnectionRule::of));
    return new VirtualServiceSpec(
        spec.texts("hosts"),
        spec.objects("http", HttpRule::of),
        connections,
        Visibility.of(spec.texts(Visibility.FIELD), namespace),
        gateways.isEmpty() || gateways.contains(HttpMatches.MESH));
  }
}
