package dev.weft.policy.snapshot;

import java.util.Map;

/** The wire documents of rules about tokens. */
final class JwtDocuments {
  private JwtDocuments() {}

  static JwtRule rule(JsonObject from) {
    return JwtRule.builder()
        .policy(from.text("policy", ""))
        .issuer(from.text("issuer", ""))
        .audiences(from.texts("audiences"))
        .keys(from.objects("keys", JwtDocuments::key))
        .fromHeaders(from.objects("fromHeaders", JwtDocuments::header))
        .fromParams(from.texts("fromParams"))
        .fromCookies(from.texts("fromCookies"))
        .forwardOriginalToken(from.flag("forwardOriginalToken", false))
        .outputPayloadToHeader(from.text("outputPayloadToHeader", ""))
        .outputClaimToHeaders(from.objects("outputClaimToHeaders", JwtDocuments::claimHeader))
        .spaceDelimitedClaims(from.texts("spaceDelimitedClaims"))
        .build();
  }

  private static JwtKey key(JsonObject from) {
    return JwtKey.builder()
        .id(from.optionalText("id"))
        .algorithm(from.optionalText("algorithm"))
        .type(from.constant("type", JwtKey.Type.class, JwtKey.Type.RSA))
        .curve(from.text("curve", ""))
        .first(from.text("first", ""))
        .second(from.text("second", ""))
        .build();
  }

  private static JwtHeader header(JsonObject from) {
    return JwtHeader.builder().name(from.text("name", "")).prefix(from.text("prefix", "")).build();
  }

  private static ClaimHeader claimHeader(JsonObject from) {
    return ClaimHeader.builder()
        .header(from.text("header", ""))
        .claim(from.text("claim", ""))
        .build();
  }

  static Map<String, Object> write(JwtRule from) {
    return new JsonWriter()
        .text("policy", from.policy)
        .text("issuer", from.issuer)
        .list("audiences", from.audiences)
        .list("keys", from.keys, JwtDocuments::write)
        .list("fromHeaders", from.fromHeaders, JwtDocuments::write)
        .list("fromParams", from.fromParams)
        .list("fromCookies", from.fromCookies)
        .flag("forwardOriginalToken", from.forwardOriginalToken, false)
        .text("outputPayloadToHeader", from.outputPayloadToHeader)
        .list("outputClaimToHeaders", from.outputClaimToHeaders, JwtDocuments::write)
        .list("spaceDelimitedClaims", from.spaceDelimitedClaims)
        .map();
  }

  private static Map<String, Object> write(JwtKey from) {
    return new JsonWriter()
        .text("id", from.id)
        .text("algorithm", from.algorithm)
        .text("type", from.type.name())
        .text("curve", from.curve)
        .text("first", from.first)
        .text("second", from.second)
        .map();
  }

  private static Map<String, Object> write(JwtHeader from) {
    return new JsonWriter().text("name", from.name).text("prefix", from.prefix).map();
  }

  private static Map<String, Object> write(ClaimHeader from) {
    return new JsonWriter().text("header", from.header).text("claim", from.claim).map();
  }
}
