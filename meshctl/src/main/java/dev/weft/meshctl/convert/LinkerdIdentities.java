package dev.weft.meshctl.convert;

import static dev.weft.meshctl.convert.Specs.list;
import static dev.weft.meshctl.convert.Specs.map;
import static dev.weft.meshctl.convert.Specs.put;

import dev.weft.meshctl.convert.Converter.Source;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** Whom an AuthorizationPolicy of Linkerd lets in, as sources of Istio's. */
final class LinkerdIdentities {
  private static final Pattern IDENTITY =
      Pattern.compile("(.+)\\.([^.]+)\\.serviceaccount\\.identity\\..+");

  private final String namespace;
  private final Converted converted;
  private final Map<String, Source> authentications = new HashMap<>();

  LinkerdIdentities(String namespace, Converted converted) {
    this.namespace = namespace;
    this.converted = converted;
  }

  void add(String key, Source source) {
    authentications.put(key, source);
  }

  /** One source for each way to be let in, empty for everybody; none where it cannot be said. */
  List<Map<String, Object>> sources(Foreign policy, String own) {
    List<Map<String, Object>> all = new ArrayList<>(List.of(Map.of()));
    for (Foreign ref : policy.objects("requiredAuthenticationRefs")) {
      ref.ignore("group");
      String in = ref.text("namespace").isEmpty() ? own : ref.text("namespace");
      List<Map<String, Object>> both = new ArrayList<>();
      for (Map<String, Object> more : of(ref, in)) {
        for (Map<String, Object> one : all) {
          boolean twice = more.keySet().stream().anyMatch(one::containsKey);
          if (twice) {
            converted.gap("two authentications of one sort together: nobody is let in by them");
          } else {
            Map<String, Object> joined = new LinkedHashMap<>(one);
            joined.putAll(more);
            both.add(joined);
          }
        }
      }
      all = both;
    }
    return all;
  }

  private List<Map<String, Object>> of(Foreign ref, String in) {
    String kind = ref.text("kind");
    String name = ref.text("name");
    if (kind.equals("ServiceAccount")) {
      return List.of(map("principals", list(Specs.principal(in, name))));
    }
    Source source = authentications.get(in + "/" + name);
    if (source == null) {
      converted.gap("the " + kind + " " + in + "/" + name + " is not among the files: nobody");
      return List.of();
    }
    Foreign spec = source.root().object("spec");
    List<Map<String, Object>> sources =
        kind.equals("NetworkAuthentication") ? networks(spec) : identities(spec, in);
    Converter.gaps(source, converted);
    return sources;
  }

  private static List<Map<String, Object>> networks(Foreign spec) {
    List<Map<String, Object>> sources = new ArrayList<>();
    for (Foreign network : spec.objects("networks")) {
      Map<String, Object> source = map("ipBlocks", list(network.text("cidr")));
      put(source, "notIpBlocks", new ArrayList<Object>(network.texts("except")));
      sources.add(source);
    }
    return sources;
  }

  private List<Map<String, Object>> identities(Foreign spec, String in) {
    List<Object> principals = new ArrayList<>();
    List<Object> namespaces = new ArrayList<>();
    for (String identity : spec.texts("identities")) {
      Matcher parts = IDENTITY.matcher(identity);
      if (identity.equals("*")) {
        principals.add("*");
      } else if (!parts.matches()) {
        converted.gap("the identity " + identity + ": it is no service account's");
      } else if (parts.group(1).equals("*")) {
        namespaces.add(parts.group(2));
      } else {
        principals.add(Specs.principal(parts.group(2), parts.group(1)));
      }
    }
    for (Foreign ref : spec.objects("identityRefs")) {
      ref.ignore("group");
      String of = ref.text("namespace").isEmpty() ? in : ref.text("namespace");
      if (ref.text("kind").equals("ServiceAccount")) {
        principals.add(Specs.principal(of, ref.text("name")));
      } else if (ref.text("kind").equals("Namespace")) {
        namespaces.add(ref.has("name") ? ref.text("name") : namespace);
      }
    }
    List<Map<String, Object>> sources = new ArrayList<>();
    if (!principals.isEmpty()) {
      sources.add(map("principals", principals));
    }
    if (!namespaces.isEmpty()) {
      sources.add(map("namespaces", namespaces));
    }
    return sources;
  }
}
