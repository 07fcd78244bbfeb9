package dev.weft.instrumentation.testing.inbound;

import static dev.weft.instrumentation.testing.inbound.Probe.get;
import static dev.weft.instrumentation.testing.inbound.Probe.once;
import static dev.weft.instrumentation.testing.inbound.Probe.refused;

import java.util.ArrayList;
import java.util.List;

/** Request targets that more than one reading can be given. */
final class TargetProbes {
  private TargetProbes() {}

  static List<Probe> all() {
    List<Probe> all = new ArrayList<>();
    all.add(refused("encoded slash", get("/app/a%2Fb")));
    for (String path :
        List.of(
            "/app/a%20b",
            "/app/%41",
            "/app/a;p=1/b;q",
            "/app/../app/x",
            "/app//x",
            "/app/%2e/x",
            "/app/caf%C3%A9",
            "/app/x?q=%20&r=%C3%A9&&=",
            "/app",
            "/",
            "/none",
            "http://orders:8080/app/absolute",
            "http://other/app/absolute")) {
      all.add(once("target " + path, get(path)));
    }
    return all;
  }
}
