package dev.weft.dataplane.inbound;

import dev.weft.dataplane.filter.AddressBlock;
import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.dataplane.jwt.VerifiedToken;
import dev.weft.policy.snapshot.Condition;
import java.util.Collections;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One {@code when} of a rule. Immutable. */
final class ConditionMatcher {
  private enum Key {
    HEADER,
    SOURCE_IP,
    SOURCE_NAMESPACE,
    SOURCE_PRINCIPAL,
    SOURCE_SERVICE_ACCOUNT,
    SOURCE_TRUST_DOMAIN,
    REMOTE_IP,
    REQUEST_PRINCIPAL,
    CLAIM,
    DESTINATION_IP,
    DESTINATION_PORT,
    SERVER_NAME,
    UNKNOWN
  }

  private static final String CLAIMS = "request.auth.claims[";
  private static final Pattern BETWEEN = Pattern.compile("][", Pattern.LITERAL);
  private static final String[] NO_CLAIM = {};

  private final Key key;
  private final String header;
  private final Attribute text;
  private final AddressBlock[] blocks;
  private final AddressBlock[] notBlocks;
  private final RequestPrincipals principals;
  private final String[] claim;

  private ConditionMatcher(Key key, Condition condition) {
    boolean address = key == Key.SOURCE_IP || key == Key.REMOTE_IP || key == Key.DESTINATION_IP;
    List<String> none = Collections.emptyList();
    this.key = key;
    this.header =
        key == Key.HEADER
            ? condition.key.substring("request.headers[".length(), condition.key.length() - 1)
            : "";
    this.text = Attribute.of(patterns(key, condition.values), patterns(key, condition.notValues));
    this.blocks = AddressBlock.of(address ? condition.values : none);
    this.notBlocks = AddressBlock.of(address ? condition.notValues : none);
    this.principals =
        key == Key.REQUEST_PRINCIPAL
            ? RequestPrincipals.of(condition.values, condition.notValues)
            : RequestPrincipals.of(none, none);
    this.claim = key == Key.CLAIM ? claim(condition.key) : NO_CLAIM;
  }

  static ConditionMatcher of(Condition condition) {
    return new ConditionMatcher(key(condition.key), condition);
  }

  /** The names that lead to a claim. */
  private static String[] claim(String key) {
    if (key.equals("request.auth.audiences")) {
      return new String[] {"aud"};
    }
    if (key.equals("request.auth.presenter")) {
      return new String[] {"azp"};
    }
    return BETWEEN.split(key.substring(CLAIMS.length(), key.length() - 1), -1);
  }

  private static TextPattern[] patterns(Key key, List<String> values) {
    switch (key) {
      case HEADER:
        return TextPattern.headers(values);
      case SOURCE_PRINCIPAL:
        return TextPattern.principals(values);
      case SERVER_NAME:
        return TextPattern.hosts(values);
      default:
        return TextPattern.of(values);
    }
  }

  private static Key key(String text) {
    if (text.startsWith("request.headers[") && text.endsWith("]")) {
      // A pseudo header is no header here: not to be mistaken for one that is absent.
      return text.startsWith("request.headers[:") ? Key.UNKNOWN : Key.HEADER;
    }
    if (text.startsWith(CLAIMS) && text.endsWith("]")) {
      return Key.CLAIM;
    }
    switch (text) {
      case "source.ip":
        return Key.SOURCE_IP;
      case "remote.ip":
        return Key.REMOTE_IP;
      case "source.trustDomain":
        return Key.SOURCE_TRUST_DOMAIN;
      case "request.auth.principal":
        return Key.REQUEST_PRINCIPAL;
      case "request.auth.audiences":
      case "request.auth.presenter":
        return Key.CLAIM;
      case "source.namespace":
        return Key.SOURCE_NAMESPACE;
      case "source.principal":
        return Key.SOURCE_PRINCIPAL;
      case "source.serviceAccount":
        return Key.SOURCE_SERVICE_ACCOUNT;
      case "destination.ip":
        return Key.DESTINATION_IP;
      case "destination.port":
        return Key.DESTINATION_PORT;
      case "connection.sni":
        return Key.SERVER_NAME;
      default:
        return Key.UNKNOWN;
    }
  }

  /** A key of a newer control server that we do not know denies: it never helps an ALLOW. */
  boolean matches(Facts facts, boolean deny) {
    PeerIdentity peer = facts.peer();
    switch (key) {
      case HEADER:
        return headerHolds(facts.headers(header), deny);
      case SOURCE_IP:
        return AddressBlock.holds(blocks, notBlocks, facts.address(), deny);
      case REMOTE_IP:
        return AddressBlock.holds(blocks, notBlocks, facts.client(), deny);
      case SOURCE_NAMESPACE:
        return text.holds(peer == null ? null : peer.namespace(), deny);
      case SOURCE_PRINCIPAL:
        return text.holds(peer == null ? null : peer.principal(), deny);
      case SOURCE_SERVICE_ACCOUNT:
        return text.holds(account(peer), deny);
      case SOURCE_TRUST_DOMAIN:
        return text.holds(peer == null ? null : peer.trustDomain(), deny);
      case REQUEST_PRINCIPAL:
        return principals.holds(facts.token(), deny);
      case CLAIM:
        VerifiedToken token = facts.token();
        return text.holdsAny(token == null ? null : token.claim(claim), deny);
      case DESTINATION_IP:
        return AddressBlock.holds(blocks, notBlocks, facts.ownAddress(), deny);
      case SERVER_NAME:
        return text.holds(facts.serverName(), deny);
      case DESTINATION_PORT:
        return text.holds(Integer.toString(facts.port()), deny);
      default:
        return deny;
    }
  }

  private static @Nullable String account(@Nullable PeerIdentity peer) {
    return peer == null || peer.namespace() == null
        ? null
        : peer.namespace() + "/" + peer.serviceAccount();
  }

  /** Several values are one, joined by commas, as Envoy reads them; a DENY also looks at each. */
  private boolean headerHolds(List<String> values, boolean deny) {
    if (values.size() <= 1) {
      return oneHolds(values.isEmpty() ? null : values.get(0), deny);
    }
    boolean joined = oneHolds(String.join(",", values), deny);
    if (joined || !deny) {
      return joined;
    }
    for (String value : values) {
      if (oneHolds(value, true)) {
        return true;
      }
    }
    return false;
  }

  /** Bytes beyond ASCII mean what the reader wants (RFC 9110, 5.5): no ALLOW may rest on them. */
  private boolean oneHolds(@Nullable String value, boolean deny) {
    if (value == null || decodable(value)) {
      return text.holds(value, deny);
    }
    return deny && text.holdsUndecodable(value);
  }

  private static boolean decodable(String value) {
    for (int i = 0; i < value.length(); i++) {
      char c = value.charAt(i);
      if (c >= 0x7f || (c < ' ' && c != '\t')) {
        return false;
      }
    }
    return true;
  }
}
