package shop.demo;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.stream.Stream;

/**
 * Runs an unmodified legacy shop in a mesh and tells what happens. With {@code --once} it is a
 * check: it exits with 0 when every scene went as told, else with 1.
 */
public final class Demo {
  private final boolean once;
  private final Shop shop;
  private int failures;
  private String storefront = "";

  private Demo(boolean once, Shop shop) {
    this.once = once;
    this.shop = shop;
  }

  /**
   * Runs the demo.
   *
   * @param args the project's directory, then optionally {@code --once}
   */
  public static void main(String[] args) throws Exception {
    Path project = Path.of(args[0]).toAbsolutePath();
    boolean once = args.length > 1 && args[1].equals("--once");
    if (args.length > 1 && !once) {
      System.err.println("demo.sh: unknown option " + args[1] + "; the only one is --once");
      System.exit(2);
    }
    Path work = Files.createTempDirectory("weft-demo");
    AtomicInteger failures = new AtomicInteger(1);
    Processes processes = new Processes(Files.createDirectories(work.resolve("logs")));
    Runtime.getRuntime()
        .addShutdownHook(new Thread(() -> end(processes, work, failures.get() == 0), "demo-end"));
    try {
      Traces traces = new Traces();
      String collector = System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT");
      Shop shop =
          new Shop(project, work, processes, collector == null ? traces.endpoint() : collector);
      Demo demo = new Demo(once, shop);
      demo.tell(work, collector == null ? traces : null);
      failures.set(demo.failures);
      if (!once) {
        say("\nEverything stays up until Ctrl-C.");
        new CountDownLatch(1).await();
      }
    } catch (IllegalStateException e) {
      System.err.println("\ndemo: " + e.getMessage());
    }
    System.exit(failures.get() == 0 ? 0 : 1);
  }

  /** Also after Ctrl-C: nothing stays behind but the logs of what went wrong. */
  private static void end(Processes processes, Path work, boolean well) {
    processes.close();
    if (!well) {
      System.err.println("logs are in " + work.resolve("logs"));
      return;
    }
    try {
      delete(work);
    } catch (IOException | UncheckedIOException e) {
      System.err.println("cannot delete " + work + ": " + e);
    }
  }

  private void tell(Path work, Traces traces) throws InterruptedException, IOException {
    scene("A control server, and a shop of unmodified services with one flag each");
    shop.startControlServer();
    Wire wire = new Wire();
    int one =
        shop.startJar(
            "inventory",
            "inventory-v1-a",
            Map.of(
                "MESH_LABELS",
                "app=inventory,version=v1",
                "MESH_SERVICE_PORT",
                String.valueOf(wire.port())),
            "0",
            "v1");
    wire.to(one);
    int flaky =
        shop.startJar(
            "inventory",
            "inventory-v1-b",
            Map.of("MESH_LABELS", "app=inventory,version=v1"),
            "0",
            "v1");
    shop.startJar(
        "inventory", "inventory-v2", Map.of("MESH_LABELS", "app=inventory,version=v2"), "0", "v2");
    int orders = shop.startJar("orders", "orders", Map.of(), "0", "http://inventory:8083");
    int reports = shop.startJar("reports", "reports", Map.of(), "0", "http://inventory:8083");
    storefront = "http://127.0.0.1:" + shop.startStorefront() + "/shop?order=";
    say("  storefront  WAR on Tomcat 9, HttpURLConnection    " + storefront + "1");
    say("  orders      embedded Tomcat, Apache HttpClient 4  http://127.0.0.1:" + orders);
    say("  reports     Tomcat 10.1, JDK HttpClient           http://127.0.0.1:" + reports);
    say("  inventory   v1 twice, v2 once; no DNS entry, no host file");
    boolean answers = until(60, () -> shop.get(storefront + "7").status() == 200);
    check("the shop answers through three services", answers);
    say("  " + shop.get(storefront + "7").text());
    if (!answers) {
      throw new IllegalStateException("the rest makes no sense without a shop that answers");
    }

    scene("Plaintext turned into mTLS");
    String direct = "http://127.0.0.1:" + wire.port() + "/stock/article-1";
    check("a client without agent still gets in (PERMISSIVE)", shop.get(direct).status() == 200);
    say("  the wire shows:  " + wire.latest());
    check("its request is readable on the wire", wire.readable());
    for (int i = 0; i < 20; i++) {
      shop.get(storefront + i);
    }
    say("  the same port, called by orders:  " + wire.latest());
    check("between services only TLS is on the wire", !wire.readable());

    scene("A canary, moved from 90/10 to 50/50 while it runs");
    say(indent(shop.apply("subsets.yaml")));
    say(indent(shop.apply("canary-90-10.yaml")));
    check("10 % reach v2", until(10, () -> near(share(200), 0.10, 0.07)));
    say(String.format("  v2 served %.0f %% of 400 calls", 100 * share(400)));
    say(indent(shop.apply("canary-50-50.yaml")));
    check("50 % reach v2, no restart", until(10, () -> near(share(200), 0.50, 0.12)));
    say(String.format("  v2 served %.0f %% of 400 calls", 100 * share(400)));

    scene("A failing instance, hidden by retries and then ejected");
    tellFailure("http://127.0.0.1:" + flaky + "/admin/fault");

    scene("A caller refused by an AuthorizationPolicy");
    say(indent(shop.apply("strict.yaml")));
    check(
        "STRICT: the client without agent gets nothing any more",
        until(5, () -> shop.get(direct).status() != 200));
    String report = "http://127.0.0.1:" + reports + "/reports/stock";
    check("reports may read the inventory", shop.get(report).status() == 200);
    say(indent(shop.apply("only-orders.yaml")));
    check(
        "reports is refused with 403",
        until(5, () -> shop.get(report).text().contains("inventory answered 403")));
    say("  " + shop.get(report).text());
    check("orders is still served", shop.get(storefront + "3").status() == 200);

    scene("A trace across three services");
    if (traces == null) {
      say("  sent to " + System.getenv("OTEL_EXPORTER_OTLP_ENDPOINT"));
    } else {
      Set<String> three = Set.of("storefront", "orders", "inventory");
      check(
          "three services are in one trace",
          until(
              20,
              () -> {
                shop.get(storefront + "9");
                return !traces.newest(three).isEmpty();
              }));
      say(indent(traces.newest(three)));
    }

    scene("Who runs what");
    say(indent(shop.meshctl("status")));
    say("  control server  " + shop.controlServer());
    say("  admin token     " + shop.adminTokenFile());
    say("  shop            " + storefront + "1");
    say("  logs            " + work.resolve("logs"));
    say(failures == 0 ? "\nEvery scene went as told." : "\n" + failures + " checks FAILED.");
  }

  private void tellFailure(String fault) throws InterruptedException, IOException {
    shop.post(fault + "?rate=1");
    long before = seen(fault);
    int bad = failures(200);
    long hit = seen(fault) - before;
    say(
        "  one of three instances answers 503: "
            + hit
            + " of 200 calls met it, the shop saw "
            + bad);
    check("no caller noticed", bad == 0 && hit > 0);
    check("it is ejected: the next 100 calls do not meet it", until(5, () -> quiet(fault)));
    shop.post(fault + "?rate=0");
    check(
        "healthy again, it is back in the balance",
        until(
            20,
            () -> {
              long then = seen(fault);
              failures(20);
              return seen(fault) > then;
            }));
  }

  private boolean quiet(String fault) throws InterruptedException {
    long then = seen(fault);
    return failures(100) == 0 && seen(fault) == then;
  }

  private long seen(String fault) throws InterruptedException {
    return Long.parseLong(shop.get(fault).text().trim());
  }

  /** How many of so many calls of the shop failed. */
  private int failures(int calls) throws InterruptedException {
    int bad = 0;
    for (int i = 0; i < calls; i++) {
      bad += shop.get(storefront + i).status() == 200 ? 0 : 1;
    }
    return bad;
  }

  /** The share of calls that v2 served. */
  private double share(int calls) throws InterruptedException {
    int second = 0;
    for (int i = 0; i < calls; i++) {
      if (shop.get(storefront + i).text().contains("\"version\":\"v2\"")) {
        second++;
      }
    }
    return (double) second / calls;
  }

  private static boolean near(double value, double wanted, double tolerance) {
    return Math.abs(value - wanted) <= tolerance;
  }

  private void check(String what, boolean held) {
    say((held ? "  [ok]     " : "  [FAILED] ") + what);
    if (!held) {
      failures++;
    }
  }

  /** Something that may take a moment to become true. */
  private interface Eventually {
    boolean now() throws InterruptedException;
  }

  private static boolean until(int seconds, Eventually condition) throws InterruptedException {
    long end = System.nanoTime() + TimeUnit.SECONDS.toNanos(seconds);
    while (System.nanoTime() < end) {
      if (condition.now()) {
        return true;
      }
      Thread.sleep(100);
    }
    return condition.now();
  }

  private void scene(String title) throws InterruptedException {
    say("\n== " + title);
    if (!once) {
      Thread.sleep(1000);
    }
  }

  private static String indent(String text) {
    return "  " + text.stripTrailing().replace("\n", "\n  ");
  }

  private static void say(String line) {
    System.out.println(line);
  }

  private static void delete(Path directory) throws IOException {
    try (Stream<Path> files = Files.walk(directory)) {
      for (Path file : files.sorted(java.util.Comparator.reverseOrder()).toList()) {
        Files.deleteIfExists(file);
      }
    }
  }
}
