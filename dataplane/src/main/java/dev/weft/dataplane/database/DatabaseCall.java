package dev.weft.dataplane.database;

/** What every call of the library tells the driver. Used by one thread. */
public interface DatabaseCall {
  /** What a failure of the library's own says. */
  DatabaseFailure sign(Throwable failure);

  /** The library's own exception for a refusal of the mesh; the driver throws it. */
  Exception refused(DatabaseRejection rejection);
}
