package dev.weft.policy.snapshot;

/** What secures connections to a database. */
public enum DatabaseTls {
  /** What the application configured stays as it is. */
  NONE,
  /** TLS of the database's own protocol, with the workload's SVID as client certificate. */
  NATIVE,
  /** Mesh mTLS around the connection, to a host that is itself in the mesh. */
  MESH
}
