package dev.weft.instrumentation.testing.inbound;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.ClaimHeader;
import dev.weft.policy.snapshot.JwtRule;
import java.io.IOException;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.KeyPair;
import java.security.KeyPairGenerator;
import java.security.Signature;
import java.security.interfaces.ECPublicKey;
import java.security.spec.ECGenParameterSpec;
import java.util.Arrays;
import java.util.Base64;
import java.util.List;
import java.util.Locale;
import org.junit.jupiter.api.Test;

/** What a token says reaches the application, and nothing that somebody else says it said. */
interface TokenCases extends InboundCases {
  @Test
  default void aTokenIsVerifiedAndOnlyItSpeaksForItself()
      throws IOException, GeneralSecurityException {
    KeyPairGenerator generator = KeyPairGenerator.getInstance("EC");
    generator.initialize(new ECGenParameterSpec("secp256r1"));
    KeyPair pair = generator.generateKeyPair();
    rig()
        .mesh()
        .tokens(
            JwtRule.builder()
                .policy("default/users")
                .issuer("users")
                .keys(Jwks.read(jwks((ECPublicKey) pair.getPublic())))
                .outputPayloadToHeader("X-Jwt-Payload")
                .outputClaimToHeaders(
                    List.of(ClaimHeader.builder().header("X-Jwt-Sub").claim("sub").build()))
                .build());
    String token = token(pair);
    String spoofed = "x-jwt-SUB: root\r\nX-Jwt-Sub: root\r\nx-jwt-payload: root\r\n";
    try (RawConnection meshed = rig().meshed();
        RawConnection plaintext = rig().plaintext()) {
      for (RawConnection client : List.of(meshed, plaintext)) {
        String without = client.send(request(spoofed)).read().text().toLowerCase(Locale.ROOT);
        assertThat(without).containsPattern("x-other\\W+kept").doesNotContain("root", "x-jwt");
        String with =
            client
                .send(request(spoofed + "Authorization: Bearer " + token + "\r\n"))
                .read()
                .text()
                .toLowerCase(Locale.ROOT);
        assertThat(with)
            .containsPattern("x-other\\W+kept")
            .containsPattern("x-jwt-sub\\W+ann")
            .containsPattern("x-jwt-payload\\W+ey")
            .doesNotContain("root", "authorization");
        int reached = rig().reached();
        RawConnection.Answer refused =
            client.send(request("Authorization: Bearer " + token + "A\r\n")).read();
        assertThat(refused.status()).isEqualTo(401);
        assertThat(refused.header("x-weft-rejection")).isEqualTo("AUTHENTICATE;default/users");
        assertThat(refused.header("www-authenticate")).startsWith("Bearer realm=");
        assertThat(rig().reached()).isEqualTo(reached);
      }
    }
  }

  private static String request(String headers) {
    return "GET /app/echo HTTP/1.1\r\n" + HOST + headers + "X-Other: kept\r\n\r\n";
  }

  private static String token(KeyPair pair) throws GeneralSecurityException {
    String signed =
        base64("{\"alg\":\"ES256\"}".getBytes(StandardCharsets.UTF_8))
            + "."
            + base64("{\"iss\":\"users\",\"sub\":\"ann\"}".getBytes(StandardCharsets.UTF_8));
    Signature signature = Signature.getInstance("SHA256withECDSAinP1363Format");
    signature.initSign(pair.getPrivate());
    signature.update(signed.getBytes(StandardCharsets.UTF_8));
    return signed + "." + base64(signature.sign());
  }

  private static String jwks(ECPublicKey key) {
    return "{\"kty\":\"EC\",\"crv\":\"P-256\",\"x\":\""
        + coordinate(key.getW().getAffineX())
        + "\",\"y\":\""
        + coordinate(key.getW().getAffineY())
        + "\"}";
  }

  private static String coordinate(BigInteger number) {
    byte[] bytes = number.toByteArray();
    return base64(bytes.length > 32 ? Arrays.copyOfRange(bytes, 1, 33) : bytes);
  }

  private static String base64(byte[] bytes) {
    return Base64.getUrlEncoder().withoutPadding().encodeToString(bytes);
  }
}
