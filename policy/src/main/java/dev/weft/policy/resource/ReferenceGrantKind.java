package dev.weft.policy.resource;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;

/**
 * Gateway API ReferenceGrant: the table of its fields. A grant to or for kinds that nothing here
 * has is accepted: what is permitted and not done leaves nothing undone.
 */
final class ReferenceGrantKind {
  static final ObjectType SPEC =
      ObjectType.of("ReferenceGrant")
          .required(
              "from",
              ListType.of(
                      ObjectType.of("from")
                          .required("group", GatewayReferences.GROUP)
                          .required("kind", GatewayReferences.KIND)
                          .required("namespace", GatewayReferences.NAMESPACE)
                          .build())
                  .nonEmpty()
                  .atMost(16))
          .required(
              "to",
              ListType.of(
                      ObjectType.of("to")
                          .required("group", GatewayReferences.GROUP)
                          .required("kind", GatewayReferences.KIND)
                          .field("name", GatewayReferences.NAME)
                          .build())
                  .nonEmpty()
                  .atMost(16))
          .build();

  private ReferenceGrantKind() {}
}
