package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.AddressBlock;
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
  private final Attribute trustDomains;
  private final RequestPrincipals requestPrincipals;
  private final AddressBlock[] clients;
  private final AddressBlock[] notClients;

  private SourceMatcher(Source source, String namespace) {
    this.principals =
        Attribute.of(
            TextPattern.principals(source.principals),
            TextPattern.principals(source.notPrincipals));
    this.namespaces =
        Attribute.of(TextPattern.of(source.namespaces), TextPattern.of(source.notNamespaces));
    this.serviceAccounts =
        Attribute.of(
            TextPattern.of(qualified(source.serviceAccounts, namespace)),
            TextPattern.of(qualified(source.notServiceAccounts, namespace)));
    this.blocks = AddressBlock.of(source.ipBlocks);
    this.notBlocks = AddressBlock.of(source.notIpBlocks);
    this.trustDomains =
        Attribute.of(TextPattern.of(source.trustDomains), TextPattern.of(source.notTrustDomains));
    this.requestPrincipals =
        RequestPrincipals.of(source.requestPrincipals, source.notRequestPrincipals);
    this.clients = AddressBlock.of(source.remoteIpBlocks);
    this.notClients = AddressBlock.of(source.notRemoteIpBlocks);
  }

  static SourceMatcher of(Source source, String namespace) {
    return new SourceMatcher(source, namespace);
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
        && trustDomains.holds(peer == null ? null : peer.trustDomain(), deny)
        && requestPrincipals.holds(requestPrincipals.unset() ? null : facts.token(), deny)
        && (unset(blocks, notBlocks)
            || AddressBlock.holds(blocks, notBlocks, facts.address(), deny))
        && (unset(clients, notClients)
            || AddressBlock.holds(clients, notClients, facts.client(), deny));
  }

  private static @Nullable String account(@Nullable PeerIdentity peer) {
    return peer == null || peer.namespace() == null
        ? null
        : peer.namespace() + "/" + peer.serviceAccount();
  }

  private static boolean unset(AddressBlock[] blocks, AddressBlock[] notBlocks) {
    return blocks.length == 0 && notBlocks.length == 0;
  }
}
