package dev.weft.dataplane.jwt;

import static dev.weft.dataplane.jwt.TokenProblem.ALGORITHM;
import static dev.weft.dataplane.jwt.TokenProblem.AUDIENCE;
import static dev.weft.dataplane.jwt.TokenProblem.EXPIRED;
import static dev.weft.dataplane.jwt.TokenProblem.ISSUER;
import static dev.weft.dataplane.jwt.TokenProblem.MALFORMED;
import static dev.weft.dataplane.jwt.TokenProblem.NOT_YET_VALID;
import static dev.weft.dataplane.jwt.TokenProblem.NO_KEY;
import static dev.weft.dataplane.jwt.TokenProblem.NO_KEYS;
import static dev.weft.dataplane.jwt.TokenProblem.SIGNATURE;
import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.JwtKey;
import dev.weft.policy.snapshot.JwtRule;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Base64;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenVerifierTest {
  private static final long NOW = 1_700_000_000L;
  private static TestIssuer rsa;
  private static TestIssuer other;
  private static TestIssuer ec;

  @BeforeAll
  static void keys() throws Exception {
    rsa = TestIssuer.of("RS256");
    other = TestIssuer.of("RS256");
    ec = TestIssuer.of("ES256");
  }

  private static JwtRule.Builder rule(List<JwtKey> keys) {
    return JwtRule.builder().issuer("issuer").keys(keys);
  }

  private static TokenProblem problem(JwtRule.Builder rule, String token) {
    return TokenVerifier.of(rule.build()).verify(token, NOW).problem();
  }

  private static String claims(String more) {
    return "{\"iss\":\"issuer\",\"sub\":\"ann\"" + more + "}";
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "RS256", "RS384", "RS512", "PS256", "PS384", "PS512", "ES256", "ES384", "ES512", "EdDSA"
      })
  void verifiesWhatThePublicKeyVerifiesAndNothingElse(String algorithm) throws Exception {
    // A key of RSA takes a second to find.
    boolean ofRsa = algorithm.startsWith("RS") || algorithm.startsWith("PS");
    TestIssuer issuer = ofRsa ? rsa.with(algorithm) : TestIssuer.of(algorithm);
    // Numbers of ECDSA differ in length from one signature to the next.
    int signatures = algorithm.startsWith("ES") ? 20 : 2;
    for (int i = 0; i < signatures; i++) {
      String token = issuer.token("a", claims(",\"jti\":\"" + i + "\""));
      assertThat(problem(rule(issuer.keys("a")), token)).isNull();
      int at = token.lastIndexOf('.') + 7;
      String forged =
          token.substring(0, at) + (token.charAt(at) == 'A' ? 'B' : 'A') + token.substring(at + 1);
      assertThat(problem(rule(issuer.keys("a")), forged)).isEqualTo(SIGNATURE);
    }
    TestIssuer stranger = ofRsa ? other.with(algorithm) : TestIssuer.of(algorithm);
    assertThat(problem(rule(issuer.keys("a")), stranger.token("a", claims(""))))
        .isEqualTo(SIGNATURE);
  }

  @ParameterizedTest
  @ValueSource(strings = {"none", "None", "HS256", "HS384", "HS512", "rs256", "RS1", "ES256K", ""})
  void neverTakesNoneNorASharedSecretNorAnyOtherAlgorithm(String algorithm) throws Exception {
    String token = rsa.sign("{\"alg\":\"" + algorithm + "\",\"kid\":\"a\"}", claims(""));
    assertThat(problem(rule(rsa.keys("a")), token)).isEqualTo(ALGORITHM);
    String unsigned = token.substring(0, token.lastIndexOf('.') + 1);
    assertThat(problem(rule(rsa.keys("a")), unsigned)).isEqualTo(ALGORITHM);
  }

  @Test
  void aKeyIsUsedWithAlgorithmsOfItsTypeAndCurveOnly() throws Exception {
    assertThat(
            problem(rule(ec.keys("a")), rsa.sign("{\"alg\":\"RS256\",\"kid\":\"a\"}", claims(""))))
        .isEqualTo(NO_KEY);
    assertThat(
            problem(rule(ec.keys("a")), ec.sign("{\"alg\":\"ES384\",\"kid\":\"a\"}", claims(""))))
        .isEqualTo(NO_KEY);
    JwtKey bound = rsa.keys("a").get(0).toBuilder().algorithm("PS256").build();
    assertThat(problem(rule(Collections.singletonList(bound)), rsa.token("a", claims(""))))
        .isEqualTo(NO_KEY);
  }

  @Test
  void keysRotate() throws Exception {
    List<JwtKey> both = new ArrayList<>(rsa.keys("old"));
    both.addAll(other.keys("new"));
    assertThat(problem(rule(both), rsa.token("old", claims("")))).isNull();
    assertThat(problem(rule(both), other.token("new", claims("")))).isNull();
    assertThat(problem(rule(both), rsa.token("new", claims("")))).isEqualTo(SIGNATURE);
    assertThat(problem(rule(other.keys("new")), rsa.token("old", claims("")))).isEqualTo(NO_KEY);
    assertThat(problem(rule(both), other.sign("{\"alg\":\"RS256\"}", claims(""))))
        .as("without kid every key is tried")
        .isNull();
    assertThat(problem(rule(Collections.<JwtKey>emptyList()), rsa.token("old", claims(""))))
        .isEqualTo(NO_KEYS);
  }

  @Test
  void clocksMayBeAMinuteApart() throws Exception {
    JwtRule.Builder rule = rule(rsa.keys("a"));
    assertThat(problem(rule, rsa.token("a", claims(",\"exp\":" + (NOW - 60))))).isNull();
    assertThat(problem(rule, rsa.token("a", claims(",\"exp\":" + (NOW - 61))))).isEqualTo(EXPIRED);
    assertThat(problem(rule, rsa.token("a", claims(",\"exp\":0")))).isEqualTo(EXPIRED);
    assertThat(problem(rule, rsa.token("a", claims(",\"nbf\":" + (NOW + 60))))).isNull();
    assertThat(problem(rule, rsa.token("a", claims(",\"nbf\":" + (NOW + 61)))))
        .isEqualTo(NOT_YET_VALID);
  }

  @Test
  void aVerifiedTokenIsKeptButNotBeyondItsTime() throws Exception {
    TokenVerifier verifier = TokenVerifier.of(rule(rsa.keys("a")).build());
    String token = rsa.token("a", claims(",\"exp\":" + (NOW + 10)));
    VerifiedToken first = verifier.verify(token, NOW).token();
    assertThat(first).isNotNull();
    assertThat(verifier.verify(token, NOW + 70).token()).isSameAs(first);
    assertThat(verifier.verify(token, NOW + 71).problem()).isEqualTo(EXPIRED);
  }

  @Test
  void issuerAndAudienceAreTheRules() throws Exception {
    JwtRule.Builder rule = rule(rsa.keys("a")).audiences(Arrays.asList("shop", "https://api/"));
    assertThat(problem(rule, rsa.token("a", claims(",\"aud\":\"shop\"")))).isNull();
    assertThat(problem(rule, rsa.token("a", claims(",\"aud\":[\"x\",\"http://api\"]")))).isNull();
    assertThat(problem(rule, rsa.token("a", claims(",\"aud\":\"x\"")))).isEqualTo(AUDIENCE);
    assertThat(problem(rule, rsa.token("a", claims("")))).isEqualTo(AUDIENCE);
    assertThat(AUDIENCE.status()).isEqualTo(403);
    assertThat(problem(rule(rsa.keys("a")), rsa.token("a", "{\"iss\":\"mallory\"}")))
        .isEqualTo(ISSUER);
    assertThat(problem(rule(rsa.keys("a")), rsa.token("a", "{}"))).isEqualTo(ISSUER);
    assertThat(problem(rule(rsa.keys("a")).issuer(""), rsa.token("a", "{}"))).isNull();
  }

  @Test
  void whatIsNoTokenIsMalformed() throws Exception {
    String good = rsa.token("a", claims(""));
    for (String text :
        Arrays.asList(
            "",
            "..",
            "a.b",
            good + ".x",
            "!" + good,
            good.replace('.', ' '),
            rsa.sign("{\"alg\":\"RS256\",\"crit\":[\"b64\"],\"b64\":false}", claims("")),
            rsa.sign("{\"alg\":1}", claims("")),
            rsa.sign("{}", claims("")),
            rsa.token("a", "[]"),
            rsa.token("a", claims(",\"iss\":\"issuer\"")),
            rsa.token("a", claims(",\"exp\":\"later\"")),
            rsa.token("a", claims(",\"exp\":-5")),
            rsa.token("a", claims(",\"exp\":1e400")),
            rsa.token("a", claims(",\"aud\":7")),
            rsa.token("a", "{\"iss\":[\"issuer\"]}"),
            rsa.token("a", deep(2000)),
            rsa.token(
                "a",
                claims(",\"x\":\"" + String.join("", Collections.nCopies(9000, "ab")) + "\"")))) {
      assertThat(problem(rule(rsa.keys("a")), text)).as(text).isEqualTo(MALFORMED);
    }
  }

  private static String deep(int levels) {
    return claims(
        ",\"x\":"
            + String.join("", Collections.nCopies(levels, "["))
            + String.join("", Collections.nCopies(levels, "]")));
  }

  /** CVE-2022-21449: zeros verified under any key on some JVMs. */
  @Test
  void aSignatureOfZerosOrOfTheOrderIsNone() throws Exception {
    String token = ec.token("a", claims(""));
    String signed = token.substring(0, token.lastIndexOf('.') + 1);
    byte[] zeros = new byte[64];
    byte[] ones = new byte[64];
    Arrays.fill(ones, (byte) 0xff);
    for (byte[] signature : new byte[][] {zeros, ones, new byte[63], new byte[0]}) {
      String forged = signed + Base64.getUrlEncoder().withoutPadding().encodeToString(signature);
      assertThat(problem(rule(ec.keys("a")), forged)).isEqualTo(SIGNATURE);
    }
  }

  @Test
  void weakAndDamagedKeysAreNotUsed() throws Exception {
    JwtKey.Builder short25519 =
        JwtKey.builder().id("a").type(JwtKey.Type.OKP).curve("Ed25519").first("AQ").second("");
    assertThat(VerificationKey.of(short25519.build())).isNull();
    String small =
        "{\"kty\":\"RSA\",\"e\":\"AQAB\",\"n\":\""
            + Base64.getUrlEncoder().encodeToString(new byte[] {(byte) 0x80, 1})
            + "\"}";
    String beside = "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\"AQ\",\"y\":\"AQ\"}";
    String unknown = "{\"kty\":\"EC\",\"crv\":\"P-192\",\"x\":\"AQ\",\"y\":\"AQ\"}";
    for (String key : Arrays.asList(small, beside, unknown)) {
      assertThat(VerificationKey.of(Jwks.read(key).get(0))).as(key).isNull();
    }
  }

  @Test
  void scopeIsReadAsWords() throws Exception {
    JwtRule rule =
        rule(rsa.keys("a")).spaceDelimitedClaims(Collections.singletonList("roles")).build();
    VerifiedToken token =
        TokenVerifier.of(rule)
            .verify(
                rsa.token(
                    "a",
                    claims(
                        ",\"scope\":\"read  write\",\"roles\":\"a b\",\"name\":\"Ann B\","
                            + "\"org\":{\"unit\":[\"x\",\"y\"]}")),
                NOW)
            .token();
    assertThat(token.claim("scope")).isEqualTo(Arrays.asList("read", "write"));
    assertThat(token.claim("roles")).isEqualTo(Arrays.asList("a", "b"));
    assertThat(token.claim("name")).isEqualTo("Ann B");
    assertThat(token.claim("org", "unit")).isEqualTo(Arrays.asList("x", "y"));
    assertThat(token.claim("org", "unit", "z")).isNull();
    assertThat(token.claim("nothing")).isNull();
  }
}
