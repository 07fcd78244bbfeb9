package dev.weft.dataplane.inbound;

import dev.weft.dataplane.identity.PeerIdentity;
import dev.weft.policy.snapshot.Condition;
import java.util.Collections;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** One {@code when} of a rule. Immutable. */
final class ConditionMatcher {
  private enum Key {
    HEADER,
    SOURCE_IP,
    SOURCE_NAMESPACE,
    SOURCE_PRINCIPAL,
    SOURCE_SERVICE_ACCOUNT,
    DESTINATION_PORT,
    UNKNOWN
  }

  private final Key key;
  private final String header;
  private final Attribute text;
  private final AddressBlock[] blocks;
  private final AddressBlock[] notBlocks;

  private ConditionMatcher(
      Key key, String header, Attribute text, AddressBlock[] blocks, AddressBlock[] notBlocks) {
    this.key = key;
    this.header = header;
    this.text = text;
    this.blocks = blocks;
    this.notBlocks = notBlocks;
  }

  static ConditionMatcher of(Condition condition) {
    Key key = key(condition.key);
    boolean address = key == Key.SOURCE_IP;
    List<String> none = Collections.emptyList();
    String header =
        key == Key.HEADER
            ? condition.key.substring("request.headers[".length(), condition.key.length() - 1)
            : "";
    return new ConditionMatcher(
        key,
        header,
        Attribute.of(patterns(key, condition.values), patterns(key, condition.notValues)),
        AddressBlock.of(address ? condition.values : none),
        AddressBlock.of(address ? condition.notValues : none));
  }

  private static TextPattern[] patterns(Key key, List<String> values) {
    switch (key) {
      case HEADER:
        return TextPattern.headers(values);
      case SOURCE_PRINCIPAL:
        return TextPattern.principals(values);
      default:
        return TextPattern.of(values);
    }
  }

  private static Key key(String text) {
    if (text.startsWith("request.headers[") && text.endsWith("]")) {
      // A pseudo header is no header here: not to be mistaken for one that is absent.
      return text.startsWith("request.headers[:") ? Key.UNKNOWN : Key.HEADER;
    }
    switch (text) {
      case "source.ip":
      case "remote.ip":
        return Key.SOURCE_IP;
      case "source.namespace":
        return Key.SOURCE_NAMESPACE;
      case "source.principal":
        return Key.SOURCE_PRINCIPAL;
      case "source.serviceAccount":
        return Key.SOURCE_SERVICE_ACCOUNT;
      case "destination.port":
        return Key.DESTINATION_PORT;
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
        return addressHolds(facts.address(), deny);
      case SOURCE_NAMESPACE:
        return text.holds(peer == null ? null : peer.namespace(), deny);
      case SOURCE_PRINCIPAL:
        return text.holds(peer == null ? null : peer.principal(), deny);
      case SOURCE_SERVICE_ACCOUNT:
        return text.holds(account(peer), deny);
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

  private boolean addressHolds(byte @Nullable [] address, boolean deny) {
    if (address == null) {
      return deny && blocks.length == 0;
    }
    return (blocks.length == 0 || AddressBlock.any(blocks, address))
        && !AddressBlock.any(notBlocks, address);
  }
}
