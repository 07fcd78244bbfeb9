package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import com.linecorp.armeria.common.HttpStatus;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.ca.CertificateAuthority;
import dev.weft.controlserver.ca.RotationPhase;
import dev.weft.controlserver.mesh.Mesh;
import dev.weft.controlserver.push.WatchHub;
import dev.weft.controlserver.registry.RegisteredInstance;
import dev.weft.controlserver.registry.Registry;
import dev.weft.policy.AccessToken;
import java.io.IOException;
import java.security.cert.X509Certificate;
import java.time.Clock;
import java.time.Duration;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.Locale;

/**
 * The replacement of the root in three steps, each of which waits until nobody can be hurt by it
 * any more, unless it is forced.
 */
final class RotationApi {
  /** How far in the past a certificate begins, and a little more. */
  private static final Duration BACKDATE = Duration.ofSeconds(70);

  /** Of those who are waited for, so many are named. */
  private static final int NAMED = 10;

  private final CertificateAuthority authority;
  private final Pin pin;
  private final Mesh mesh;
  private final Registry registry;
  private final WatchHub hub;
  private final OutdatedInstances outdated;
  private final Duration leafLife;
  private final Clock clock;
  private final AuditLog audit;

  /** The version that made the next root known; after a restart, one that includes it. */
  private volatile long preparedAt;

  /** Brings the admin token's file up to date with the root that signs. */
  @FunctionalInterface
  interface Pin {
    void run() throws IOException;
  }

  RotationApi(
      CertificateAuthority authority,
      Pin pin,
      Mesh mesh,
      Registry registry,
      WatchHub hub,
      OutdatedInstances outdated,
      Duration leafLife,
      Clock clock,
      AuditLog audit) {
    this.authority = authority;
    this.pin = pin;
    this.mesh = mesh;
    this.registry = registry;
    this.hub = hub;
    this.outdated = outdated;
    this.leafLife = leafLife;
    this.clock = clock;
    this.audit = audit;
    this.preparedAt = mesh.version();
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.GET, "/v1/ca", Role.OPERATOR, call -> Call.json(describe())),
        new Endpoint(HttpMethod.POST, "/v1/ca/rotate", Role.OPERATOR, this::rotate));
  }

  private ObjectNode describe() {
    ObjectNode answer = Json.object();
    answer.put("phase", authority.phase().name().toLowerCase(Locale.ROOT));
    ArrayNode roots = answer.putArray("roots");
    for (X509Certificate root : authority.roots()) {
      roots
          .addObject()
          .put("fingerprint", HexFormat.of().formatHex(AccessToken.fingerprint(root)))
          .put("notAfter", root.getNotAfter().toInstant().toString())
          .put("signing", root.equals(authority.root()));
    }
    answer.put("waitsFor", waitsFor());
    return answer;
  }

  /** What the next step waits for; empty when it can be taken. */
  private String waitsFor() {
    return switch (authority.phase()) {
      case STABLE -> "";
      case PREPARED -> unaware();
      case PROMOTED -> oldCertificates();
    };
  }

  private String unaware() {
    List<String> late =
        registry.live().stream()
            .map(RegisteredInstance::id)
            .filter(id -> hub.delivery(id).effectiveVersion() < preparedAt)
            .toList();
    return late.isEmpty() ? "" : count(late, " instances do not trust the next root yet: ");
  }

  private static String count(List<String> ids, String what) {
    return ids.size() + what + String.join(", ", ids.subList(0, Math.min(NAMED, ids.size())));
  }

  private String oldCertificates() {
    // The intermediate was made with the promotion; every leaf under the old root is older.
    Instant last =
        authority.intermediate().getNotBefore().toInstant().plus(BACKDATE).plus(leafLife);
    if (!clock.instant().isBefore(last)) {
      return "";
    }
    List<String> late = outdated.live();
    return "certificates under the old root are valid until "
        + last
        + "; "
        + (late.isEmpty()
            ? "all live instances have renewed theirs"
            : count(late, " live instances have not renewed theirs yet: "));
  }

  private synchronized HttpResponse rotate(Call call) throws ApiError, IOException {
    String step = call.text("step");
    boolean force = call.flag("force");
    String waits = waitsFor();
    boolean early = !waits.isEmpty() && !force;
    try {
      switch (step) {
        case "prepare" -> {
          change(authority::prepareRoot);
          preparedAt = mesh.version();
        }
        case "promote" -> {
          requireReady(early && authority.phase() == RotationPhase.PREPARED, waits);
          change(authority::promoteRoot);
          outdated.promoted();
          pin.run();
        }
        case "finish" -> {
          requireReady(early && authority.phase() == RotationPhase.PROMOTED, waits);
          change(authority::finishRotation);
          hub.reconnect();
        }
        default -> throw ApiError.badRequest("\"step\" must be prepare, promote or finish");
      }
    } catch (IllegalStateException wrongPhase) {
      throw ApiError.of(
          HttpStatus.CONFLICT, "wrong-phase", String.valueOf(wrongPhase.getMessage()));
    }
    audit.record(
        "ca-rotate",
        call.caller().name(),
        call.remote(),
        "ok",
        "step",
        step,
        "forced",
        Boolean.toString(force));
    return Call.json(describe());
  }

  private void change(Runnable step) {
    mesh.change(
        upcoming -> {
          step.run();
          return true;
        });
  }

  private static void requireReady(boolean early, String waits) throws ApiError {
    if (early) {
      throw ApiError.of(
          HttpStatus.CONFLICT, "too-early", waits + "; wait, or force it and break them");
    }
  }
}
