package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import org.jspecify.annotations.Nullable;

/** Istio WorkloadGroup: the table of its fields. */
final class WorkloadGroupKind {
  private static final String[] METHODS = {"httpGet", "tcpSocket", "grpc", "exec"};

  private static final Type METADATA =
      ObjectType.of("metadata")
          .field("labels", Shared.LABELS)
          .withoutEffect(
              "annotations",
              MapType.of("annotation", Checks::notEmpty, Scalars.text()),
              "nothing reads annotations of instances")
          .build();

  /** Without an address of its own: each instance says where it answers. */
  private static final Type TEMPLATE =
      WorkloadEntryKind.place("template")
          .withoutEffect("address", Scalars.text(), "each instance reports its own address")
          .field("network", Scalars.text("a network", Checks::labelValue))
          .field("serviceAccount", Scalars.text())
          .build();

  private static final Type HTTP_GET =
      ObjectType.of("httpGet")
          .required("port", Shared.PORT)
          .field("host", Scalars.text("a host name or an IP address", WorkloadGroupKind::host))
          .field("path", Scalars.text("a path", WorkloadGroupKind::path))
          .field("scheme", Scalars.choice("HTTP", "HTTPS"))
          .field(
              "httpHeaders",
              ListType.of(
                  ObjectType.of("httpHeaders")
                      .required("name", Scalars.text("the name of a header", Checks::headerName))
                      .field("value", Scalars.text("a text", WorkloadGroupKind::headerValue))
                      .build()))
          .build();

  private static final Type TCP_SOCKET =
      ObjectType.of("tcpSocket")
          .required("port", Shared.PORT)
          .field("host", Scalars.text("a host name or an IP address", WorkloadGroupKind::host))
          .build();

  private static final Type PROBE =
      ObjectType.of("probe")
          .field("httpGet", HTTP_GET)
          .field("tcpSocket", TCP_SOCKET)
          .refused("grpc", "a probe by gRPC, which the agent has no client for")
          .refused("exec", "a probe by a command, which would run in the application's name")
          .field("initialDelaySeconds", Shared.COUNT)
          .field("timeoutSeconds", Shared.COUNT)
          .field("periodSeconds", Shared.COUNT)
          .field("successThreshold", Shared.COUNT)
          .field("failureThreshold", Shared.COUNT)
          .rule(WorkloadGroupKind::checkProbe)
          .build();

  static final ObjectType SPEC =
      ObjectType.of("WorkloadGroup")
          .field("metadata", METADATA)
          .required("template", TEMPLATE)
          .field("probe", PROBE)
          .build();

  private WorkloadGroupKind() {}

  private static void checkProbe(ObjectView probe) {
    int methods = 0;
    for (String method : METHODS) {
      methods += probe.has(method) ? 1 : 0;
    }
    if (methods != 1) {
      probe.invalid("must have one of httpGet, tcpSocket, grpc and exec");
    }
    ObjectView command = probe.object("exec");
    if (command != null && !command.hasContent("command")) {
      command.invalid("command", "is required: the command and its arguments");
    }
    ObjectView grpc = probe.object("grpc");
    if (grpc != null && !(grpc.number("port", 0) >= 1 && grpc.number("port", 0) <= 65_535)) {
      grpc.invalid("port", "must be from 1 to 65535");
    }
  }

  private static @Nullable String host(String text) {
    return text.isEmpty() || Checks.ipAddress(text) == null || Checks.hostName(text) == null
        ? null
        : "must be a host name or an IP address, not \"" + text + '"';
  }

  /** What stands in the request line is sent as it is written. */
  private static @Nullable String path(String text) {
    for (int i = 0; i < text.length(); i++) {
      if (text.charAt(i) <= ' ' || text.charAt(i) >= 0x7f) {
        return "must be printable ASCII without spaces; encode other characters as %XX";
      }
    }
    return null;
  }

  private static @Nullable String headerValue(String text) {
    for (int i = 0; i < text.length(); i++) {
      if ((text.charAt(i) < ' ' && text.charAt(i) != '\t') || text.charAt(i) >= 0x7f) {
        return "must be printable ASCII on one line";
      }
    }
    return null;
  }
}
