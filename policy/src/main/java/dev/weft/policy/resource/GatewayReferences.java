package dev.weft.policy.resource;

import com.google.re2j.Pattern;
import dev.weft.policy.schema.Check;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import java.util.List;

/**
 * Gateway API ParentReference and BackendObjectReference: tables of their fields, with the rules of
 * the CRD, and which kinds of objects they may name here.
 */
final class GatewayReferences {
  static final String GATEWAY = "gateway.networking.k8s.io";

  /** RE2 expression for a DNS name in lower case. */
  static final String SUBDOMAIN =
      "[a-z0-9](?:[-a-z0-9]*[a-z0-9])?(?:\\.[a-z0-9](?:[-a-z0-9]*[a-z0-9])?)*";

  static final Type GROUP =
      Scalars.text("an API group", matching("|" + SUBDOMAIN, 253, "an API group such as apps"));
  static final Type KIND =
      Scalars.text(
          "a kind",
          matching("[a-zA-Z](?:[-a-zA-Z0-9]*[a-zA-Z0-9])?", 63, "a kind such as Service"));
  static final Type NAME = Scalars.text("a name", matching("(?s).+", 253, "a name"));
  static final Type NAMESPACE =
      Scalars.text(
          "a namespace",
          matching("[a-z0-9](?:[-a-z0-9]*[a-z0-9])?", 63, "a namespace in lower case"));

  /** A DNS name in lower case: of a section, a rule, or a host to go to. */
  static final Check DNS_NAME = matching(SUBDOMAIN, 253, "a DNS name in lower case");

  static final ListType PARENTS =
      ListType.of(
              ObjectType.of("parentRefs")
                  .field("group", GROUP)
                  .field("kind", KIND)
                  .required("name", NAME)
                  .field("namespace", NAMESPACE)
                  .field("port", Shared.PORT)
                  .field("sectionName", Scalars.text("the name of a port", DNS_NAME))
                  .rule(GatewayReferences::checkParent)
                  .build())
          .atMost(32);

  /** Where a copy goes. */
  static final Type BACKEND = backend("backendRef").build();

  private GatewayReferences() {}

  /** Returns a check that a text of at most {@code max} characters is one of a pattern. */
  static Check matching(String re2, int max, String what) {
    Pattern pattern = Pattern.compile(re2);
    return text ->
        text.length() <= max && pattern.matcher(text).matches()
            ? null
            : "must be " + what + " of at most " + max + " characters, not \"" + text + '"';
  }

  /** Returns the fields that name a backend. */
  static ObjectType.Builder backend(String name) {
    return ObjectType.of(name)
        .field("group", GROUP)
        .field("kind", KIND)
        .required("name", NAME)
        .field("namespace", NAMESPACE)
        .field("port", Shared.PORT)
        .rule(GatewayReferences::checkBackend);
  }

  /** Whether a parent is of the mesh, not a gateway. */
  static boolean inMesh(SpecFields parent) {
    return !parent.text("group", GATEWAY).equals(GATEWAY);
  }

  private static String group(ObjectView reference, String absent) {
    return reference.has("group") ? reference.text("group") : absent;
  }

  private static String kind(ObjectView reference, String absent) {
    return reference.has("kind") ? reference.text("kind") : absent;
  }

  private static void checkParent(ObjectView parent) {
    String kind = group(parent, GATEWAY) + "/" + kind(parent, "Gateway");
    if (kind.equals("/Service")) {
      if (parent.has("sectionName")) {
        parent.notInForce(
            "sectionName", "a port of a Service by name, as they have none; use port");
      }
    } else if (kind.startsWith(GATEWAY + "/")) {
      parent.withoutEffect(
          parent.has("kind") ? "kind" : "name",
          "the route is not a gateway's here, but a service's");
    } else if (!kind.equals(ResourceKind.NETWORKING + "/ServiceEntry")) {
      parent.notInForce(
          parent.has("kind") ? "kind" : "name",
          "a parent of the kind " + kind.replaceAll("^/", ""));
    }
  }

  /** Two references to the same parent must be told apart, in the same way. */
  static void checkParents(ObjectView spec) {
    List<ObjectView> parents = spec.objects("parentRefs");
    if (parents.isEmpty()) {
      spec.withoutEffect("parentRefs", "a route without a parent is for nobody");
    }
    for (int i = 0; i < parents.size(); i++) {
      for (int j = 0; j < i; j++) {
        ObjectView one = parents.get(j);
        ObjectView other = parents.get(i);
        if (!key(one).equals(key(other))) {
          continue;
        }
        if (one.text("sectionName").isEmpty() != other.text("sectionName").isEmpty()
            || one.has("port") != other.has("port")) {
          other.invalid("name", "names a parent twice: both must have a port, or a sectionName");
        } else if (one.text("sectionName").equals(other.text("sectionName"))
            && one.number("port", 0) == other.number("port", 0)) {
          other.invalid("name", "names a parent twice; keep one, or give each another port");
        }
      }
    }
  }

  private static String key(ObjectView parent) {
    return String.join(
        " ",
        group(parent, GATEWAY),
        kind(parent, "Gateway"),
        parent.text("namespace"),
        parent.text("name"));
  }

  private static void checkBackend(ObjectView backend) {
    String kind = group(backend, "") + "/" + kind(backend, "Service");
    boolean service = kind.equals("/Service");
    boolean hostname = kind.equals(ResourceKind.NETWORKING + "/Hostname");
    if (!service && !hostname) {
      backend.notInForce("kind", "a backend of the kind " + kind);
    } else if (service && !backend.has("port")) {
      backend.invalid("port", "is required: the port of the service");
    } else if (!backend.has("port")) {
      backend.notInForce("port", "a backend of the kind Hostname without a port");
    }
    // The API takes these; a route that has them is told in its status that it leads nowhere.
    if (service && backend.text("name").indexOf('.') >= 0) {
      backend.notInForce("name", "a host name in the place of a service's name");
    }
    if (hostname && backend.has("namespace")) {
      backend.notInForce("namespace", "a namespace beside the kind Hostname");
    }
  }
}
