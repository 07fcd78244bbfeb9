package dev.weft.controlserver.store;

/** What the store keeps; values are JSON or plain text under a text key. */
public enum Table {
  /** Trust domain, version ceiling, what {@link RunHistory} knows. */
  META,
  /** Policy resources, by kind/namespace/name. */
  RESOURCES,
  /** The last changes of the policy, by version. */
  HISTORY,
  /** Join tokens by id; the secret's hash only. */
  JOIN_TOKENS,
  /** Admin tokens by id; the secret's hash only. */
  ADMIN_TOKENS,
  /** Services that an identity may register, by SPIFFE ID. */
  IDENTITIES,
  /** Withdrawn identities, by SPIFFE ID. */
  WITHDRAWN,
  /** The endpoints known last, by instance ID, for the time right after a restart. */
  ENDPOINTS,
  /** Public keys of issuers of tokens as they were fetched last, by the address in policy. */
  ISSUER_KEYS,
  /** Epochs of the last runs, by number. */
  RUNS
}
