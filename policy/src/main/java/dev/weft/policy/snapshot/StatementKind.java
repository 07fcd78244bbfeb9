package dev.weft.policy.snapshot;

/** What a statement does to a database; a text may be of several kinds. */
public enum StatementKind {
  /** Reads rows: SELECT, VALUES, TABLE. */
  SELECT,
  /** Adds rows. */
  INSERT,
  /** Changes rows, also where an INSERT does so on conflict. */
  UPDATE,
  /** Removes rows, also where a REPLACE does. */
  DELETE,
  /** MERGE and UPSERT. */
  MERGE,
  /** Runs code of the database: CALL, EXECUTE, DO, an anonymous block. */
  CALL,
  /** Makes tables and other objects, also by SELECT INTO. */
  CREATE,
  /** Changes them: ALTER, RENAME, COMMENT. */
  ALTER,
  /** Removes them. */
  DROP,
  /** Empties tables. */
  TRUNCATE,
  /** Gives rights. */
  GRANT,
  /** Takes rights: REVOKE, DENY. */
  REVOKE,
  /** Locks: LOCK, and SELECT FOR UPDATE or FOR SHARE. */
  LOCK,
  /** Moves rows between tables and files: COPY, LOAD, BULK, SELECT INTO OUTFILE. */
  COPY,
  /** Asks how a statement would be done; with ANALYZE it is done, and is of its own kind too. */
  EXPLAIN,
  /** Asks about the database: SHOW, DESCRIBE. */
  SHOW,
  /** Changes settings of the session; of the server it is OTHER. */
  SET,
  /** Begins, ends or marks transactions. */
  TRANSACTION,
  /** More than one statement in one text, beside the kinds of each. */
  MULTIPLE,
  /** Everything that is not recognised. */
  OTHER
}
