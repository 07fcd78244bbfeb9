#!/bin/sh
# Shows the demo's trace in a real Jaeger: starts one, runs the demo against it, and reads the trace
# back through Jaeger's own query API. Needs a Jaeger binary in JAEGER, or Go to build one.
set -eu
project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
work=$(mktemp -d)
jaeger_pid=
cleanup() {
  [ -z "$jaeger_pid" ] || kill "$jaeger_pid" 2>/dev/null || true
  rm -rf "$work"
}
trap cleanup EXIT
trap 'exit 1' INT TERM

version=v1.62.0
jaeger=${JAEGER:-$project/integration-tests/target/jaeger}
if [ ! -x "$jaeger" ]; then
  if ! command -v go >/dev/null 2>&1; then
    echo "SKIPPED: no Jaeger binary in JAEGER, and no Go to build one"
    exit 0
  fi
  echo "building Jaeger $version with Go (some minutes)"
  mkdir -p "$work/build" "$(dirname "$jaeger")"
  printf 'module jaegerbuild\ngo 1.23\nrequire github.com/jaegertracing/jaeger %s\n' "$version" > "$work/build/go.mod"
  printf '//go:build tools\npackage tools\nimport _ "github.com/jaegertracing/jaeger/cmd/all-in-one"\n' > "$work/build/tools.go"
  (cd "$work/build" && go mod tidy && go build -o "$jaeger" github.com/jaegertracing/jaeger/cmd/all-in-one) >"$work/go.log" 2>&1 || {
    tail -5 "$work/go.log" >&2
    exit 1
  }
fi

# Four free ports, asked of the operating system.
cat > "$work/Ports.java" <<'J'
public class Ports {
  public static void main(String[] a) throws Exception {
    java.net.ServerSocket[] all = new java.net.ServerSocket[6];
    for (int i = 0; i < all.length; i++) all[i] = new java.net.ServerSocket(0);
    for (java.net.ServerSocket s : all) { System.out.println(s.getLocalPort()); s.close(); }
  }
}
J
set -- $(java "$work/Ports.java")
SPAN_STORAGE_TYPE=memory "$jaeger" \
  --collector.otlp.http.host-port="127.0.0.1:$1" --query.http-server.host-port="127.0.0.1:$2" \
  --query.grpc-server.host-port="127.0.0.1:$3" --collector.otlp.grpc.host-port="127.0.0.1:$4" \
  --admin.http.host-port="127.0.0.1:$5" --collector.http-server.host-port="127.0.0.1:0" \
  --collector.grpc-server.host-port="127.0.0.1:$6" \
  --processor.jaeger-binary.server-host-port="127.0.0.1:0" \
  --processor.jaeger-compact.server-host-port="127.0.0.1:0" \
  --processor.zipkin-compact.server-host-port="127.0.0.1:0" \
  --http-server.host-port="127.0.0.1:0" >"$work/jaeger.log" 2>&1 &
jaeger_pid=$!

OTEL_EXPORTER_OTLP_ENDPOINT="http://127.0.0.1:$1" "$project/sample-apps/demo.sh" --once

cat > "$work/Read.java" <<'J'
import java.net.URI;
import java.net.http.*;
public class Read {
  public static void main(String[] a) throws Exception {
    HttpClient http = HttpClient.newHttpClient();
    for (int i = 0; i < 40; i++) {
      String traces = http.send(
          HttpRequest.newBuilder(URI.create("http://127.0.0.1:" + a[0] + "/api/traces?service=storefront&limit=20")).build(),
          HttpResponse.BodyHandlers.ofString()).body();
      for (String trace : traces.split("\\{\"traceID\":\"(?=[0-9a-f]+\",\"spans\")")) {
        if (trace.contains("\"serviceName\":\"storefront\"") && trace.contains("\"serviceName\":\"orders\"")
            && trace.contains("\"serviceName\":\"inventory\"")) {
          System.out.println("Jaeger shows storefront, orders and inventory in trace " + trace.substring(0, trace.indexOf('"')));
          return;
        }
      }
      Thread.sleep(250);
    }
    System.err.println("Jaeger shows no trace across the three services");
    System.exit(1);
  }
}
J
java "$work/Read.java" "$2"
