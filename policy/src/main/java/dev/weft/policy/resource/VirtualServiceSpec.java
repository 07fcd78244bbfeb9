package dev.weft.policy.resource;

import java.util.Collections;
import java.util.List;

/** What a VirtualService says. Immutable. */
public final class VirtualServiceSpec {
  /** Hosts as written: short names, full names and {@code *.suffix}. */
  public final List<String> hosts;

  /** Rules in order; their hosts are to be resolved with {@link HostNames#inFull}. */
  public final List<HttpRule> rules;

  /** To whom it is there; of a delegate, to whose rules. */
  public final Visibility visibility;

  private VirtualServiceSpec(List<String> hosts, List<HttpRule> rules, Visibility visibility) {
    this.hosts = Collections.unmodifiableList(hosts);
    this.rules = Collections.unmodifiableList(rules);
    this.visibility = visibility;
  }

  static VirtualServiceSpec of(SpecFields spec, String namespace) {
    return new VirtualServiceSpec(
        spec.texts("hosts"),
        spec.objects("http", HttpRule::of),
        Visibility.of(spec.texts(Visibility.FIELD), namespace));
  }
}
