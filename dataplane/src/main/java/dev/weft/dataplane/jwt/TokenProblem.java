package dev.weft.dataplane.jwt;

/** Why a token is refused: the status and the words of a sidecar. */
public enum TokenProblem {
  /** Not three parts of base64url with JSON in them, or not the claims that RFC 7519 says. */
  MALFORMED(401, "Jwt is not in the form of Header.Payload.Signature with two dots and 3 sections"),
  /** No rule that reads this place takes the issuer. */
  ISSUER(401, "Jwt issuer is not configured"),
  /** {@code alg} is none, symmetric, or one that is not known. */
  ALGORITHM(401, "Jwt header [alg] is not supported"),
  /** {@code exp} has passed, by more than the clock skew. */
  EXPIRED(401, "Jwt is expired"),
  /** {@code nbf} is to come, by more than the clock skew. */
  NOT_YET_VALID(401, "Jwt not yet valid"),
  /** No audience of the token is one of the rule's. */
  AUDIENCE(403, "Audiences in Jwt are not allowed"),
  /** The keys of the issuer could not be had yet. */
  NO_KEYS(401, "Jwks remote fetch is failed"),
  /** No key of the issuer has the token's {@code kid} and {@code alg}. */
  NO_KEY(401, "Jwks doesn't have key to match kid or alg from Jwt"),
  /** The signature is not of any key that it may be of. */
  SIGNATURE(401, "Jwt verification fails"),
  /** Two different tokens in one place: readers may take either. */
  TWO_TOKENS(401, "More than one Jwt in one place");

  private final int status;
  private final String text;

  TokenProblem(int status, String text) {
    this.status = status;
    this.text = text;
  }

  /** HTTP status of the refusal. */
  public int status() {
    return status;
  }

  /** Body of the refusal. */
  public String text() {
    return text;
  }
}
