package dev.weft.controlserver;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.StringJoiner;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.Yaml;
import org.yaml.snakeyaml.constructor.SafeConstructor;

/**
 * Makes wrong documents of right ones: values of other types, nothing, huge numbers, doubled and
 * unknown keys, deep nesting. The same seed gives the same documents.
 */
public final class PolicyMutator {
  /** Documents with most of the fields of their kinds. */
  private static final String[] RIGHT = {
    """
    apiVersion: networking.istio.io/v1
    kind: VirtualService
    metadata: {name: a, namespace: shop, labels: {a: b}, annotations: {c: d}}
    spec:
      hosts: [orders]
      gateways: [mesh]
      exportTo: [.]
      http:
      - name: r
        match:
        - uri: {prefix: /a}
          method: {exact: GET}
          headers: {x-a: {regex: "a+"}}
          withoutHeaders: {x-b: {}}
          queryParams: {q: {exact: b}}
          port: 80
          sourceLabels: {app: web}
          sourceNamespace: shop
        route:
        - destination: {host: orders, subset: v1, port: {number: 80}}
          weight: 90
          headers: {request: {set: {x-c: d}, remove: [x-e]}}
        - destination: {host: stock}
          weight: 10
        timeout: 5s
        retries: {attempts: 2, perTryTimeout: 1s, retryOn: "5xx,503"}
        fault: {delay: {fixedDelay: 1s, percentage: {value: 1}}, abort: {httpStatus: 503}}
        rewrite: {uri: /b, authority: c}
        mirrors: [{destination: {host: stock}, percentage: {value: 5}}]
        headers: {response: {add: {x-f: "100%%"}}}
      - redirect: {uri: /c, redirectCode: 302, port: 81}
      - directResponse: {status: 200, body: {string: hello}}
      - delegate: {name: b, namespace: shop}
    """,
    """
    apiVersion: networking.istio.io/v1beta1
    kind: DestinationRule
    metadata: {name: a, namespace: shop}
    spec:
      host: orders
      trafficPolicy:
        loadBalancer:
          consistentHash: {httpCookie: {name: c, ttl: 0s}, maglev: {tableSize: 65537}}
          localityLbSetting: {distribute: [{from: eu, to: {eu: 80, us: 20}}]}
        connectionPool: {tcp: {maxConnections: 5}, http: {http1MaxPendingRequests: 5}}
        outlierDetection: {consecutive5xxErrors: 5, interval: 1s, maxEjectionPercent: 50}
        retryBudget: {percent: 20, minRetryConcurrency: 3}
        tls: {mode: ISTIO_MUTUAL}
        portLevelSettings: [{port: {number: 80}, loadBalancer: {simple: RANDOM}}]
      subsets:
      - name: v1
        labels: {version: v1}
        trafficPolicy: {loadBalancer: {simple: LEAST_REQUEST, warmup: {duration: 9s}}}
    """,
    """
    apiVersion: networking.istio.io/v1alpha3
    kind: ServiceEntry
    metadata: {name: a, namespace: shop}
    spec:
      hosts: [api.example]
      addresses: [10.1.1.1]
      ports: [{number: 80, name: http, protocol: HTTP, targetPort: 8080}]
      location: MESH_EXTERNAL
      resolution: STATIC
      endpoints: [{address: 10.0.0.9, ports: {http: 81}, labels: {a: b}, locality: eu, weight: 3}]
      exportTo: ["*"]
    """,
    """
    apiVersion: networking.istio.io/v1
    kind: WorkloadEntry
    metadata: {name: a, namespace: shop}
    spec: {address: 10.0.0.9, ports: {http: 81}, labels: {a: b}, locality: eu/a, weight: 3}
    """,
    """
    apiVersion: networking.istio.io/v1
    kind: Sidecar
    metadata: {name: a, namespace: shop}
    spec:
      workloadSelector: {labels: {app: web}}
      egress: [{hosts: [./*, "istio-system/*", "~stock/*"]}]
      outboundTrafficPolicy: {mode: REGISTRY_ONLY}
    """,
    """
    apiVersion: security.istio.io/v1
    kind: PeerAuthentication
    metadata: {name: a, namespace: shop}
    spec:
      selector: {matchLabels: {app: web}}
      mtls: {mode: STRICT}
      portLevelMtls: {8080: {mode: PERMISSIVE}}
    """,
    """
    apiVersion: security.istio.io/v1
    kind: RequestAuthentication
    metadata: {name: a, namespace: shop}
    spec:
      selector: {matchLabels: {app: web}}
      jwtRules:
      - issuer: me
        audiences: [a]
        jwks: '{"keys": []}'
        fromHeaders: [{name: x-token, prefix: "Bearer "}]
        fromCookies: [c]
        outputClaimToHeaders: [{claim: sub, header: x-sub}]
        forwardOriginalToken: true
    """,
    """
    apiVersion: security.istio.io/v1
    kind: AuthorizationPolicy
    metadata: {name: a, namespace: shop, annotations: {istio.io/dry-run: "false"}}
    spec:
      action: DENY
      rules:
      - from: [{source: {principals: ["*"], notNamespaces: [a], ipBlocks: [10.0.0.0/8]}}]
        to: [{operation: {hosts: [a], ports: ["80"], methods: [GET], paths: ["/a/{*}", "/b*"]}}]
        when: [{key: "request.headers[x]", values: [a], notValues: [b]}]
    """,
    """
    apiVersion: telemetry.istio.io/v1
    kind: Telemetry
    metadata: {name: a, namespace: shop}
    spec:
      tracing: [{randomSamplingPercentage: 5, customTags: {a: {header: {name: x}}}}]
      metrics: [{overrides: [{match: {metric: REQUEST_COUNT}, tagOverrides: {a: {value: "'b'"}}}]}]
      accessLogging: [{filter: {expression: "response.code >= 500"}}]
    """,
    """
    apiVersion: gateway.networking.k8s.io/v1
    kind: HTTPRoute
    metadata: {name: a, namespace: shop}
    spec:
      parentRefs: [{group: "", kind: Service, name: orders, port: 80}]
      rules:
      - matches: [{path: {type: PathPrefix, value: /a}, headers: [{name: x, value: y}], method: GET}]
        filters:
        - {type: RequestHeaderModifier, requestHeaderModifier: {set: [{name: x, value: y}]}}
        - {type: URLRewrite, urlRewrite: {path: {type: ReplacePrefixMatch, replacePrefixMatch: /b}}}
        backendRefs: [{name: orders, port: 80, weight: 3}]
        timeouts: {request: 5s, backendRequest: 1s}
        retry: {attempts: 2, codes: [503], backoff: 1s}
    """,
    """
    apiVersion: gateway.networking.k8s.io/v1beta1
    kind: ReferenceGrant
    metadata: {name: a, namespace: shop}
    spec:
      from: [{group: gateway.networking.k8s.io, kind: HTTPRoute, namespace: web}]
      to: [{group: "", kind: Service, name: orders}]
    """,
    """
    apiVersion: weft.dev/v1alpha1
    kind: MeshConfig
    metadata: {name: mesh, namespace: istio-system}
    spec:
      outboundTrafficPolicy: {mode: ALLOW_ANY}
      connectTimeout: 3s
      defaultHttpRetryPolicy: {attempts: 4}
    """
  };

  private static final String[] ODD = {
    "null",
    "[]",
    "{}",
    "''",
    "~",
    "[null]",
    "{'': null}",
    "true",
    "-1",
    "0",
    "4294967296",
    "99999999999999999999999",
    "1e400",
    "-0.0",
    "010",
    ".inf",
    "!!str 1",
    "'*'",
    "'%'",
    "'('",
    "'a/b/c'",
    "'\\u0000'",
    "\"\\u0000\\ud800\"",
    "'é'",
    "[[[[[[]]]]]]",
    "{a: {a: {a: {a: {}}}}}",
    "*anchor",
    "&b [c]",
    "<<",
    "? a",
    "1ns",
    "999999h",
    "'[::1]/129'",
    "'300.0.0.1'",
    "'\\'",
    "{"
  };

  private final Random random;

  public PolicyMutator(long seed) {
    this.random = new Random(seed);
  }

  /** Returns the next wrong document, in YAML's flow style. */
  public String next() {
    String right = RIGHT[random.nextInt(RIGHT.length)];
    Object tree = new Yaml(new SafeConstructor(new LoaderOptions())).load(right);
    List<Integer> places = new ArrayList<>();
    int size = size(tree);
    for (int i = 1 + random.nextInt(3); i > 0; i--) {
      places.add(1 + random.nextInt(size));
    }
    return write(tree, places, new int[1]);
  }

  private static int size(Object value) {
    int size = 1;
    if (value instanceof Map) {
      for (Object each : ((Map<?, ?>) value).values()) {
        size += size(each);
      }
    } else if (value instanceof List) {
      for (Object each : (List<?>) value) {
        size += size(each);
      }
    }
    return size;
  }

  private String write(Object value, List<Integer> places, int[] at) {
    boolean here = places.contains(at[0]++);
    if (here && random.nextInt(3) > 0) {
      return deep(ODD[random.nextInt(ODD.length)]);
    }
    if (value instanceof Map) {
      return object((Map<?, ?>) value, places, at, here);
    }
    if (value instanceof List) {
      StringJoiner list = new StringJoiner(", ", "[", "]");
      for (Object each : (List<?>) value) {
        String text = write(each, places, at);
        list.add(text);
        if (here) {
          list.add(text);
        }
      }
      return list.toString();
    }
    return here ? "[" + scalar(value) + "]" : scalar(value);
  }

  private String object(Map<?, ?> value, List<Integer> places, int[] at, boolean here) {
    StringJoiner object = new StringJoiner(", ", "{", "}");
    int way = here ? random.nextInt(4) : 0;
    for (Map.Entry<?, ?> each : value.entrySet()) {
      String key = scalar(each.getKey());
      String text = write(each.getValue(), places, at);
      if (way != 1 || random.nextBoolean()) {
        object.add(key + ": " + text);
      }
      if (way == 2) {
        object.add(key + ": " + text);
      }
    }
    return way == 3 ? object.add("unknown: 1").toString() : object.toString();
  }

  private String deep(String odd) {
    int depth = random.nextInt(12) == 0 ? 70 : 0;
    return "[".repeat(depth) + odd + "]".repeat(depth);
  }

  private static String scalar(Object value) {
    return value instanceof String
        ? "\"" + ((String) value).replace("\"", "\\\"") + '"'
        : "" + value;
  }
}
