package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.policy.snapshot.Source;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** Who a request may come from: all given fields must hold. Immutable. */
final class SourceMatcher {
  private final Attribute principals;
  private final Attribute namespaces;
  private final Attribute serviceAccounts;
  private final AddressBlock[] blocks;
  private final AddressBlock[] notBlocks;

  private SourceMatcher(
      Attribute principals,
      Attribute namespaces,
      Attribute serviceAccounts,
      AddressBlock[] blocks,
      AddressBlock[] notBlocks) {
    this.principals = principals;
    this.namespaces = namespaces;
    this.serviceAccounts = serviceAccounts;
    this.blocks = blocks;
    this.notBlocks = notBlocks;
  }

  static SourceMatcher of(Source source, String namespace) {
    return new SourceMatcher(
        Attribute.of(
            TextPattern.principals(source.principals),
            TextPattern.principals(source.notPrincipals)),
        Attribute.of(TextPattern.of(source.namespaces), TextPattern.of(source.notNamespaces)),
        Attribute.of(
            TextPattern.of(qualified(source.serviceAccounts, namespace)),
            TextPattern.of(qualified(source.notServiceAccounts, namespace))),
        AddressBlock.of(source.ipBlocks),
        AddressBlock.of(source.notIpBlocks));
  }

  /** A service account without namespace is of the policy's own (Istio: serviceAccounts). */
  private static List<String> qualified(List<String> accounts, String namespace) {
    List<String> all = new ArrayList<>(accounts.size());
    for (String account : accounts) {
      all.add(account.indexOf('/') < 0 ? namespace + "/" + account : account);
    }
    return all;
  }

  boolean matches(Facts facts, boolean deny) {
    PeerIdentity peer = facts.peer();
    return principals.holds(peer == null ? null : peer.principal(), deny)
        && namespaces.holds(peer == null ? null : peer.namespace(), deny)
        && (serviceAccounts.unset() || serviceAccounts.holds(account(peer), deny))
        && addressHolds(facts, deny);
  }

  private static @Nullable String account(@Nullable PeerIdentity peer) {
    return peer == null || peer.namespace() == null
        ? null
        : peer.namespace() + "/" + peer.serviceAccount();
  }

  private boolean addressHolds(Facts facts, boolean deny) {
    if (blocks.length == 0 && notBlocks.length == 0) {
      return true;
    }
    byte[] address = facts.address();
    if (address == null) {
      return deny && blocks.length == 0;
    }
    return (blocks.length == 0 || AddressBlock.any(blocks, address))
        && !AddressBlock.any(notBlocks, address);
  }
}
