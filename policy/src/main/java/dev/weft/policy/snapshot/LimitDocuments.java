package dev.weft.policy.snapshot;

import java.util.Map;

/** Reads and writes what bounds the requests of a workload; an absent field takes its default. */
final class LimitDocuments {
  private LimitDocuments() {}

  static RateLimit rateLimit(JsonObject from) {
    RateLimit defaults = RateLimit.builder().build();
    return RateLimit.builder()
        .name(from.text("name", ""))
        .namespace(from.text("namespace", ""))
        .rules(from.objects("rules", SnapshotReader::rule))
        .byIdentity(from.flag("byIdentity", false))
        .byAddress(from.flag("byAddress", false))
        .byPath(from.flag("byPath", false))
        .byHeader(from.optionalText("byHeader"))
        .perSecond(from.decimal("perSecond", defaults.perSecond))
        .burst(from.intValue("burst", defaults.burst))
        .instances(from.intValue("instances", defaults.instances))
        .maxKeys(from.intValue("maxKeys", defaults.maxKeys))
        .build();
  }

  static LoadShedding loadShedding(JsonObject from) {
    LoadShedding defaults = LoadShedding.builder().build();
    return LoadShedding.builder()
        .name(from.text("name", ""))
        .namespace(from.text("namespace", ""))
        .minConcurrency(from.intValue("minConcurrency", defaults.minConcurrency))
        .maxConcurrency(from.intValue("maxConcurrency", defaults.maxConcurrency))
        .initialConcurrency(from.intValue("initialConcurrency", defaults.initialConcurrency))
        .priorities(from.objects("priorities", LimitDocuments::priority))
        .build();
  }

  private static LoadPriority priority(JsonObject from) {
    return LoadPriority.builder()
        .name(from.text("name", ""))
        .rules(from.objects("rules", SnapshotReader::rule))
        .share(from.intValue("share", 100))
        .exempt(from.flag("exempt", false))
        .build();
  }

  static Map<String, Object> write(LoadShedding from) {
    LoadShedding defaults = LoadShedding.builder().build();
    return new JsonWriter()
        .text("name", from.name)
        .text("namespace", from.namespace)
        .number("minConcurrency", from.minConcurrency, defaults.minConcurrency)
        .number("maxConcurrency", from.maxConcurrency, defaults.maxConcurrency)
        .number("initialConcurrency", from.initialConcurrency, defaults.initialConcurrency)
        .list("priorities", from.priorities, LimitDocuments::write)
        .map();
  }

  private static Map<String, Object> write(LoadPriority from) {
    return new JsonWriter()
        .text("name", from.name)
        .list("rules", from.rules, SnapshotWriter::write)
        .number("share", from.share, 100)
        .flag("exempt", from.exempt, false)
        .map();
  }

  static Map<String, Object> write(RateLimit from) {
    RateLimit defaults = RateLimit.builder().build();
    return new JsonWriter()
        .text("name", from.name)
        .text("namespace", from.namespace)
        .list("rules", from.rules, SnapshotWriter::write)
        .flag("byIdentity", from.byIdentity, false)
        .flag("byAddress", from.byAddress, false)
        .flag("byPath", from.byPath, false)
        .text("byHeader", from.byHeader)
        .decimal("perSecond", from.perSecond, defaults.perSecond)
        .number("burst", from.burst, defaults.burst)
        .number("instances", from.instances, defaults.instances)
        .number("maxKeys", from.maxKeys, defaults.maxKeys)
        .map();
  }
}
