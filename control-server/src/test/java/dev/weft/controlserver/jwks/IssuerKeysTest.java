package dev.weft.controlserver.jwks;

import static org.assertj.core.api.Assertions.assertThat;

import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.mesh.MeshView;
import dev.weft.controlserver.resource.StoredResource;
import dev.weft.controlserver.store.MeshStore;
import dev.weft.controlserver.store.VersionCounter;
import dev.weft.policy.resource.ResourceReader;
import dev.weft.policy.snapshot.JwtKey;
import java.nio.file.Path;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.time.ZoneId;
import java.time.ZoneOffset;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

class IssuerKeysTest {
  private static final String ADDRESS = "https://issuer.example/keys";
  private static final List<JwtKey> OLD = List.of(key("old"));
  private static final List<JwtKey> NEW = List.of(key("old"), key("new"));

  @TempDir Path directory;
  private final List<StoredResource> policy = new ArrayList<>();
  private final List<String> asked = new ArrayList<>();
  private List<JwtKey> answer = OLD;
  private Instant now = Instant.parse("2026-11-21T12:00:00Z");
  private MeshStore store;
  private Mesh mesh;
  private IssuerKeys keys;

  private static JwtKey key(String id) {
    return JwtKey.builder().id(id).first("AQAB").second("AQAB").build();
  }

  private final Clock clock =
      new Clock() {
        @Override
        public ZoneId getZone() {
          return ZoneOffset.UTC;
        }

        @Override
        public Clock withZone(ZoneId zone) {
          return this;
        }

        @Override
        public Instant instant() {
          return now;
        }
      };

  @BeforeEach
  void open() {
    store = MeshStore.open(directory);
    mesh =
        new Mesh(
            new VersionCounter(store),
            version ->
                new MeshView(
                    version,
                    "e",
                    false,
                    "t",
                    "r",
                    List.of(),
                    List.of(),
                    List.of(),
                    Set.of(),
                    policy,
                    keys.current(),
                    0));
    keys = begin();
    apply(
        "{jwtRules: [{issuer: a, jwksUri: \""
            + ADDRESS
            + "\"}, {issuer: b, jwksUri: \""
            + ADDRESS
            + "\"}]}");
  }

  @AfterEach
  void close() {
    store.close();
  }

  private IssuerKeys begin() {
    return new IssuerKeys(
        store,
        source -> {
          asked.add(source.address());
          if (answer.isEmpty()) {
            throw new KeyFetchException("no answer");
          }
          return answer;
        },
        Runnable::run,
        clock,
        Duration.ofMinutes(20));
  }

  private void apply(String spec) {
    policy.clear();
    ResourceReader.read(
            "t.yaml",
            "apiVersion: security.istio.io/v1\nkind: RequestAuthentication\n"
                + "metadata: {name: ra, namespace: shop}\nspec: "
                + spec,
            "shop")
        .resources()
        .forEach(each -> policy.add(new StoredResource(each, now, 1L, null)));
    assertThat(policy).hasSize(1);
  }

  private void look(Duration later) {
    now = now.plus(later);
    keys.look(() -> policy, mesh);
  }

  @Test
  void fetchesOnceForAllRulesAndAgainAfterAWhile() {
    long before = mesh.version();
    look(Duration.ZERO);
    look(Duration.ofMinutes(19));
    assertThat(asked).containsExactly(ADDRESS);
    assertThat(mesh.view().keys()).isEqualTo(Map.of(ADDRESS, OLD));
    assertThat(mesh.version()).isEqualTo(before + 1);
    look(Duration.ofMinutes(2));
    assertThat(asked).hasSize(2);
    assertThat(mesh.version()).as("the same keys are no news").isEqualTo(before + 1);
    answer = NEW;
    look(Duration.ofMinutes(21));
    assertThat(mesh.view().keys()).isEqualTo(Map.of(ADDRESS, NEW));
    assertThat(mesh.version()).isEqualTo(before + 2);
  }

  @Test
  void keepsTheLastGoodKeysAndTriesMoreSeldom() {
    look(Duration.ZERO);
    answer = List.of();
    look(Duration.ofMinutes(21));
    assertThat(keys.current()).isEqualTo(Map.of(ADDRESS, OLD));
    assertThat(keys.failing()).isEqualTo(1);
    assertThat(keys.status())
        .containsExactly(
            new IssuerKeys.Status(ADDRESS, 1, Instant.parse("2026-11-21T12:00:00Z"), "no answer"));
    for (int second = 0; second < 60; second++) {
      look(Duration.ofSeconds(1));
    }
    assertThat(asked).as("after 2, 4, 8, 16 and 32 seconds").hasSize(2 + 4);
    answer = NEW;
    look(Duration.ofMinutes(5));
    assertThat(keys.current()).isEqualTo(Map.of(ADDRESS, NEW));
    assertThat(keys.failing()).isZero();
  }

  @Test
  void theLastGoodKeysSurviveARestartWithoutTheIssuer() {
    look(Duration.ZERO);
    answer = List.of();
    store.close();
    store = MeshStore.open(directory);
    keys = begin();
    assertThat(keys.current()).isEqualTo(Map.of(ADDRESS, OLD));
    look(Duration.ZERO);
    assertThat(keys.current()).isEqualTo(Map.of(ADDRESS, OLD));
  }

  @Test
  void whatPolicyNamesNoLongerIsNotFetched() {
    look(Duration.ZERO);
    apply("{jwtRules: [{issuer: \"https://c.example/\"}]}");
    look(Duration.ofMinutes(21));
    assertThat(asked)
        .containsExactly(ADDRESS, "https://c.example/.well-known/openid-configuration");
    apply("{jwtRules: [{issuer: c, jwks: '{\"kty\":\"RSA\",\"n\":\"x\",\"e\":\"y\"}'}]}");
    look(Duration.ofMinutes(21));
    assertThat(asked).hasSize(2);
    assertThat(keys.status()).isEmpty();
  }

  @Test
  void whatPolicyNamesNoLongerIsForgotten() {
    look(Duration.ZERO);
    long before = mesh.version();
    apply("{jwtRules: [{issuer: c, jwks: '{\"kty\":\"RSA\",\"n\":\"x\",\"e\":\"y\"}'}]}");
    look(Duration.ofSeconds(1));
    assertThat(keys.current()).isEmpty();
    assertThat(mesh.version()).as("nobody had them any more").isEqualTo(before);
    store.close();
    store = MeshStore.open(directory);
    keys = begin();
    assertThat(keys.current()).as("nor do they come back").isEmpty();
  }

  @Test
  void oneAddressMayMeanTwoThings() {
    String document = "https://c.example/.well-known/openid-configuration";
    apply(
        "{jwtRules: [{issuer: \"https://c.example\"}, {issuer: \"https://c.example/\"},"
            + " {issuer: d, jwksUri: \""
            + document
            + "\"}]}");
    look(Duration.ZERO);
    assertThat(asked).containsExactly(document, document, document);
    assertThat(keys.current())
        .containsOnlyKeys(
            document, document + " of https://c.example", document + " of https://c.example/");
  }
}
