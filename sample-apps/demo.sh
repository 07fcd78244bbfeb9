#!/bin/sh
# Runs an unmodified legacy shop in a mesh and tells what happens; --once runs it as a check.
set -eu
project=$(CDPATH='' cd -- "$(dirname -- "$0")/.." && pwd)
if [ -n "${JAVA_HOME:-}" ]; then java=$JAVA_HOME/bin/java; else java=java; fi
if ! command -v "$java" >/dev/null 2>&1; then
  echo "demo.sh: no java found: install JDK 17 or later, or set JAVA_HOME" >&2
  exit 2
fi
for built in dist/mesh-agent.jar dist/mesh-control-server.jar dist/meshctl dist/meshctl.jar \
  sample-apps/storefront/target/ROOT.war sample-apps/orders/target/sample-orders.jar \
  sample-apps/inventory/target/sample-inventory.jar sample-apps/reports/target/sample-reports.jar \
  sample-apps/demo/target/sample-demo.jar; do
  if [ ! -e "$project/$built" ]; then
    echo "demo.sh: $built is missing, building (a few minutes the first time)"
    (cd "$project" && ./mvnw -B -ntp -q -DskipTests package)
    break
  fi
done
exec "$java" -Xmx128m -XX:TieredStopAtLevel=1 \
  -cp "$project/sample-apps/demo/target/sample-demo.jar" shop.demo.Demo "$project" "$@"
