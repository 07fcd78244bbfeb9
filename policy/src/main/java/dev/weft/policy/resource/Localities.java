package dev.weft.policy.resource;

import dev.weft.policy.schema.Checks;
import dev.weft.policy.schema.ListType;
import dev.weft.policy.schema.MapType;
import dev.weft.policy.schema.ObjectType;
import dev.weft.policy.schema.ObjectView;
import dev.weft.policy.schema.Scalars;
import dev.weft.policy.schema.Type;
import dev.weft.policy.snapshot.LocalityBalancing;
import dev.weft.policy.snapshot.LocalityDistribution;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Istio LocalityLoadBalancerSetting: the table of its fields, and what they say. */
final class Localities {
  /** Labels that say where something runs, which {@code failover} is about already. */
  private static final List<String> TOPOLOGY =
      Arrays.asList(
          "topology.kubernetes.io/region",
          "topology.kubernetes.io/zone",
          "topology.istio.io/subzone");

  private static final Type LOCALITY = Scalars.text("a locality", Localities::localityProblem);
  private static final Type REGION = Scalars.text("a region", Localities::regionProblem);

  static final Type TYPE =
      ObjectType.of("localityLbSetting")
          .field("enabled", Scalars.flag())
          .nullable("enabled")
          .field(
              "distribute",
              ListType.of(
                  ObjectType.of("distribute")
                      .required("from", LOCALITY)
                      .field(
                          "to",
                          MapType.of(
                              "locality", Localities::localityProblem, Scalars.integer(1, 100)))
                      .rule(Localities::checkShares)
                      .build()))
          .field(
              "failover",
              ListType.of(
                  ObjectType.of("failover")
                      .field("from", REGION)
                      .field("to", REGION)
                      .rule(Localities::checkRegions)
                      .build()))
          .field(
              "failoverPriority",
              ListType.of(Scalars.text("a label, or label=value", Checks::notEmpty)))
          .rule(Localities::check)
          .build();

  private Localities() {}

  private static @Nullable String localityProblem(String text) {
    int star = text.indexOf('*');
    if (star >= 0 && star != text.length() - 1) {
      return "must have at most one *, at its end, not \"" + text + '"';
    }
    for (String part : text.split("/", 3)) {
      if (part.isEmpty()) {
        return "must be region/zone/sub-zone without an empty part, not \"" + text + '"';
      }
    }
    return null;
  }

  private static @Nullable String regionProblem(String text) {
    return text.indexOf('/') < 0 && text.indexOf('*') < 0
        ? null
        : "must be a region alone, without / and *, not \"" + text + '"';
  }

  private static void checkShares(ObjectView distribute) {
    ObjectView to = distribute.object("to");
    int sum = 0;
    List<String> seen = new ArrayList<>();
    for (String locality : distribute.keys("to")) {
      sum += to == null ? 0 : (int) to.number(locality, 0);
      checkOverlap(distribute, "to", locality, seen);
    }
    if (sum != 100) {
      distribute.invalid("to", "must have shares of 100 together, not " + sum);
    }
  }

  private static void checkRegions(ObjectView failover) {
    if (failover.text("from").equals(failover.text("to"))) {
      failover.invalid("to", "must be another region than from");
    }
  }

  private static void check(ObjectView setting) {
    if (setting.hasContent("distribute") && setting.hasContent("failover")) {
      setting.invalid("failover", "must not stand beside distribute");
    }
    if (setting.hasContent("failover")) {
      for (String label : setting.texts("failoverPriority")) {
        if (TOPOLOGY.contains(label)) {
          setting.invalid("failoverPriority", "must not name " + label + " beside failover");
        }
      }
    }
    List<String> seen = new ArrayList<>();
    for (ObjectView distribute : setting.objects("distribute")) {
      checkOverlap(distribute, "from", distribute.text("from"), seen);
    }
  }

  /** Istio: a locality after one that holds it, or that it holds in whole, would never count. */
  private static void checkOverlap(
      ObjectView object, String field, String locality, List<String> seen) {
    for (String other : seen) {
      if (overlap(other, locality)) {
        object.invalid(field, "must not have " + locality + " after " + other + ": they overlap");
      }
    }
    seen.add(locality);
  }

  private static boolean overlap(String earlier, String later) {
    String[] one = earlier.split("/", 3);
    String[] other = later.split("/", 3);
    for (int i = 0; i < 3; i++) {
      if (i >= one.length || i >= other.length) {
        return true;
      }
      if (one[i].equals("*")) {
        return true;
      }
      if (!one[i].equals(other[i])) {
        return false;
      }
    }
    return true;
  }

  static LocalityBalancing of(SpecFields setting) {
    List<LocalityDistribution> distribute =
        setting.objects(
            "distribute",
            each ->
                LocalityDistribution.builder()
                    .from(each.text("from", ""))
                    .to(each.intMap("to"))
                    .build());
    Map<String, String> failover = new LinkedHashMap<>();
    for (SpecFields each : setting.objects("failover", fields -> fields)) {
      failover.putIfAbsent(each.text("from", ""), each.text("to", ""));
    }
    return LocalityBalancing.builder()
        .enabled(setting.flag("enabled", true))
        .distribute(distribute)
        .failover(failover)
        .failoverPriority(setting.texts("failoverPriority"))
        .build();
  }
}
