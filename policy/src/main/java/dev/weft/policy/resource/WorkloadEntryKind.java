package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** Istio WorkloadEntry, alone or as an endpoint of a ServiceEntry: the table of its fields. */
final class WorkloadEntryKind {
  /** Says whether a place takes mesh TLS: {@code istio}, or anything else for no. */
  static final String TLS_MODE_LABEL = "security.istio.io/tlsMode";

  /** As the control server takes accounts. */
  private static final Pattern ACCOUNT =
      Pattern.compile("[A-Za-z0-9](?:[A-Za-z0-9._-]*[A-Za-z0-9])?");

  private static final String UNIX = "unix://";

  static final ObjectType SPEC =
      fields("WorkloadEntry").rule(WorkloadEntryKind::checkAddress).build();

  private WorkloadEntryKind() {}

  /** What is said of a place where somebody answers, but for where it is. */
  static ObjectType.Builder place(String name) {
    return ObjectType.of(name)
        .field("ports", MapType.of("port name", WorkloadEntryKind::portName, Shared.PORT))
        .field("labels", Shared.LABELS)
        .field("locality", Scalars.text("a locality", text -> atMost(2048, text)))
        .field("weight", Shared.LONG_COUNT);
  }

  static ObjectType.Builder fields(String name) {
    return place(name)
        .field("address", Scalars.text("an address", text -> atMost(256, text)))
        .field("network", Scalars.text("a network", text -> atMost(2048, text)))
        .field("serviceAccount", Scalars.text("a service account", text -> atMost(253, text)))
        .rule(WorkloadEntryKind::check);
  }

  private static @Nullable String atMost(int length, String text) {
    return text.length() <= length ? null : "must have at most " + length + " characters";
  }

  /** Istio's CRD ends names one character before its webhook does. */
  private static @Nullable String portName(String text) {
    return text.length() == 63 ? "must have at most 62 characters" : Checks.dnsLabel(text);
  }

  private static void check(ObjectView entry) {
    for (String field : new String[] {"labels", "ports"}) {
      int most = field.equals("labels") ? 256 : 128;
      if (entry.keys(field).size() > most) {
        entry.invalid(field, "must have at most " + most + " entries");
      }
    }
    String account = entry.text("serviceAccount");
    if (!account.isEmpty() && !ACCOUNT.matcher(account).matches()) {
      entry.notInForce("serviceAccount", "a service account that no identity can have");
    }
    ObjectView labels = entry.object("labels");
    if (labels != null && account.isEmpty() && labels.text(TLS_MODE_LABEL).equals("istio")) {
      labels.notInForce(TLS_MODE_LABEL, "mTLS to an endpoint whose serviceAccount is not said");
    }
    String address = entry.text("address");
    if (address.isEmpty() && entry.text("network").isEmpty()) {
      entry.invalid("address", "is required: an IP address or a host name");
    } else if (address.isEmpty()) {
      entry.notInForce("network", "an endpoint behind a gateway between networks");
    }
    if (address.startsWith(UNIX)) {
      checkSocket(entry, address.substring(UNIX.length()));
    }
  }

  private static void checkSocket(ObjectView entry, String path) {
    if ((!path.startsWith("/") && !path.startsWith("@")) || path.endsWith("/")) {
      entry.invalid("address", "must name an absolute path or an abstract socket after " + UNIX);
    } else {
      entry.notInForce("address", "a Unix domain socket");
    }
    if (entry.hasContent("ports")) {
      entry.invalid("ports", "must not be given with a Unix domain socket");
    }
  }

  static void checkAddress(ObjectView entry) {
    String address = entry.text("address");
    if (!address.isEmpty()
        && !address.startsWith(UNIX)
        && Checks.ipAddress(address) != null
        && Checks.hostName(address) != null) {
      entry.invalid("address", "must be an IP address or a host name, not \"" + address + '"');
    }
  }
}
