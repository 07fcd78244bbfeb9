package dev.weft.policy.resource;

import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.Mirror;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;

/** Istio's mirrors, of which {@code mirror} is the older form: rules and view. */
final class HttpMirrors {
  /** The fields of a rule that say who gets a copy. */
  static final List<String> FIELDS =
      Collections.unmodifiableList(
          Arrays.asList(
              "mirror", "mirrors", "mirrorPercentage", "mirrorPercent", "mirror_percent"));

  private static final String[] PERCENTAGES = {
    "mirrorPercentage", "mirrorPercent", "mirror_percent"
  };

  private HttpMirrors() {}

  static Type mirrors(Type destination, Type percentage) {
    return ListType.of(
        ObjectType.of("mirrors")
            .required("destination", destination)
            .field("percentage", percentage)
            .build());
  }

  static void check(ObjectView http) {
    if (http.has("mirror") && http.hasContent("mirrors") && !http.has("delegate")) {
      http.invalid("mirrors", "must not stand beside mirror");
    }
    for (String field : PERCENTAGES) {
      if (http.has(field) && !http.has("mirror") && !http.has("delegate")) {
        http.withoutEffect(field, "without mirror nobody gets a copy that it could be a share of");
      }
    }
  }

  static List<Mirror> view(SpecFields http) {
    List<Mirror> mirrors =
        new ArrayList<>(
            http.objects(
                "mirrors",
                each -> mirror(each.object("destination"), percent(each, "percentage", 100))));
    if (http.has("mirror")) {
      double percent = http.number("mirrorPercent", http.number("mirror_percent", 100));
      mirrors.add(mirror(http.object("mirror"), percent(http, "mirrorPercentage", percent)));
    }
    return mirrors;
  }

  /** Istio: where no percentage is given, all requests are copied; one without a value is 0. */
  private static double percent(SpecFields of, String field, double absent) {
    return of.has(field) ? of.object(field).number("value", 0) : absent;
  }

  private static Mirror mirror(SpecFields destination, double percent) {
    return Mirror.builder()
        .host(destination.text("host", ""))
        .subset(destination.optionalText("subset"))
        .port(destination.object("port").integer("number", 0))
        .percent(percent)
        .build();
  }
}
