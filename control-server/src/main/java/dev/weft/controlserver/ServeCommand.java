package dev.weft.controlserver;

import dev.weft.controlserver.api.ConnectionLimits;
import dev.weft.controlserver.jwks.KeyOrigins;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import java.util.concurrent.CountDownLatch;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Spec;

/** {@code serve}: runs the control server until it is told to stop. */
@Command(
    name = "serve",
    description = "Runs the control server in the foreground.",
    mixinStandardHelpOptions = true)
final class ServeCommand implements Callable<Integer> {
  private static final Pattern DURATION = Pattern.compile("([0-9]{1,9})(ms|s|m|h|d)");
  private static final Pattern LISTEN =
      Pattern.compile("(\\[[0-9a-fA-F:.%]+]|[^:\\[\\]]+):([0-9]{1,5})");

  @Spec private @Nullable CommandSpec spec;

  @Option(
      names = "--data-dir",
      required = true,
      paramLabel = "DIR",
      description = "Where the CA, the policy and the tokens are kept; created when absent.")
  private Path dataDirectory = Path.of("");

  @Option(
      names = "--listen",
      paramLabel = "HOST:PORT",
      defaultValue = "127.0.0.1:15443",
      description = "Address to listen on; port 0 takes a free one. Default: ${DEFAULT-VALUE}.")
  private String listen = "";

  @Option(
      names = "--trust-domain",
      paramLabel = "NAME",
      defaultValue = "cluster.local",
      description =
          "Trust domain of the identities; fixed at the first start. Default: ${DEFAULT-VALUE}.")
  private String trustDomain = "";

  @Option(
      names = "--root-namespace",
      paramLabel = "NAME",
      defaultValue = "istio-system",
      description = "Namespace whose policy applies to the whole mesh. Default: ${DEFAULT-VALUE}.")
  private String rootNamespace = "";

  @Option(
      names = "--leaf-ttl",
      paramLabel = "DURATION",
      defaultValue = "24h",
      description =
          "Life of the agents' certificates, such as 24h or 20m. Default: ${DEFAULT-VALUE}.")
  private String leafLife = "";

  @Option(
      names = "--lease",
      paramLabel = "DURATION",
      defaultValue = "10s",
      description = "How long an instance lives without reporting. Default: ${DEFAULT-VALUE}.")
  private String lease = "";

  @Option(
      names = "--public-name",
      paramLabel = "NAME|IP",
      description = "A name or address by which agents reach this server; may be repeated.")
  private List<String> publicNames = new ArrayList<>();

  @Option(
      names = "--policy-history",
      paramLabel = "NUMBER",
      defaultValue = "100",
      description = "How many changes of policy can be taken back. Default: ${DEFAULT-VALUE}.")
  private int history;

  @Option(
      names = "--policy-dir",
      paramLabel = "DIR",
      description =
          "A directory, such as a Git checkout, whose YAML and JSON files are the policy; watched.")
  private @Nullable Path policyDirectory;

  @Option(
      names = "--jwks-from",
      paramLabel = "ORIGIN",
      description =
          "Where keys of tokens may be fetched from: https://host[:port], https://*.domain, or with"
              + " http; may be repeated. Default: nowhere.")
  private List<String> keyOrigins = new ArrayList<>();

  @Option(
      names = "--jwks-file",
      paramLabel = "URL=FILE",
      description = "A file that stands in for the keys at an address; may be repeated.")
  private Map<String, Path> keyFiles = new LinkedHashMap<>();

  @Option(
      names = "--jwks-refresh",
      paramLabel = "DURATION",
      defaultValue = "20m",
      description = "How often keys of tokens are fetched again. Default: ${DEFAULT-VALUE}.")
  private String keyRefresh = "";

  @Option(
      names = "--trusted-proxies",
      paramLabel = "NUMBER",
      defaultValue = "0",
      description =
          "How many proxies before each workload are believed in X-Forwarded-For."
              + " Default: ${DEFAULT-VALUE}.")
  private int trustedProxies;

  @Override
  public Integer call() throws InterruptedException {
    ServerSettings settings = settings();
    PrintWriter out = command().getOut();
    PrintWriter err = command().getErr();
    ControlServer server =
        ControlServer.start(
            settings,
            line -> {
              err.println(line);
              err.flush();
            });
    CountDownLatch stopped = new CountDownLatch(1);
    Runtime.getRuntime()
        .addShutdownHook(
            new Thread(
                () -> {
                  server.close();
                  stopped.countDown();
                },
                "weft-shutdown"));
    out.println("listening on https://" + server.address());
    out.println("admin token in " + server.adminTokenFile().toAbsolutePath());
    out.flush();
    stopped.await();
    return 0;
  }

  private ServerSettings settings() {
    Matcher address = LISTEN.matcher(listen);
    if (!address.matches() || Integer.parseInt(address.group(2)) > 65535) {
      throw wrong("--listen", listen, "HOST:PORT, such as 0.0.0.0:15443 or [::]:15443");
    }
    return new ServerSettings(
        dataDirectory,
        address.group(1).replaceAll("^\\[|]$", ""),
        Integer.parseInt(address.group(2)),
        trustDomain,
        rootNamespace,
        duration("--leaf-ttl", leafLife, Duration.ofSeconds(10)),
        duration("--lease", lease, Duration.ofSeconds(1)),
        List.copyOf(publicNames),
        passphrase(),
        policy(),
        endUsers(),
        ConnectionLimits.DEFAULT);
  }

  private PolicySettings policy() {
    if (history < 1 || history > PolicySettings.MOST_HISTORY) {
      throw wrong(
          "--policy-history",
          Integer.toString(history),
          "a number from 1 to " + PolicySettings.MOST_HISTORY);
    }
    return new PolicySettings(history, policyDirectory);
  }

  private EndUserSettings endUsers() {
    if (trustedProxies < 0 || trustedProxies > 16) {
      throw wrong("--trusted-proxies", Integer.toString(trustedProxies), "a number from 0 to 16");
    }
    try {
      KeyOrigins.of(keyOrigins);
    } catch (IllegalArgumentException e) {
      throw new CommandLine.ParameterException(command(), "--jwks-from: " + e.getMessage());
    }
    Duration refresh = duration("--jwks-refresh", keyRefresh, Duration.ofSeconds(10));
    return new EndUserSettings(keyOrigins, keyFiles, refresh, trustedProxies);
  }

  private Duration duration(String option, String text, Duration least) {
    Matcher parts = DURATION.matcher(text.toLowerCase(Locale.ROOT));
    if (!parts.matches()) {
      throw wrong(option, text, "a number and ms, s, m, h or d, such as 24h");
    }
    long number = Long.parseLong(parts.group(1));
    Duration value =
        switch (parts.group(2)) {
          case "ms" -> Duration.ofMillis(number);
          case "s" -> Duration.ofSeconds(number);
          case "m" -> Duration.ofMinutes(number);
          case "h" -> Duration.ofHours(number);
          default -> Duration.ofDays(number);
        };
    if (value.compareTo(least) < 0 || value.compareTo(Duration.ofDays(3650)) > 0) {
      throw wrong(option, text, "at least " + least.toSeconds() + "s and at most 3650d");
    }
    return value;
  }

  private static @Nullable String passphrase() {
    String file = System.getenv("MESH_CA_PASSPHRASE_FILE");
    if (file == null || file.isEmpty()) {
      return null;
    }
    try {
      String text = Files.readString(Path.of(file)).stripTrailing();
      if (text.isEmpty()) {
        throw new StartupException("MESH_CA_PASSPHRASE_FILE names " + file + ", which is empty");
      }
      return text;
    } catch (IOException e) {
      throw new StartupException(
          "MESH_CA_PASSPHRASE_FILE names " + file + ", which cannot be read: " + e.getMessage(), e);
    }
  }

  private CommandLine.ParameterException wrong(String option, String seen, String expected) {
    return new CommandLine.ParameterException(
        command(), option + " is '" + seen + "': give " + expected);
  }

  private CommandLine command() {
    if (spec == null) {
      throw new IllegalStateException("serve runs from the command line only");
    }
    return spec.commandLine();
  }
}
