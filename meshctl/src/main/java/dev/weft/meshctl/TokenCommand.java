package dev.weft.meshctl;

import dev.weft.policy.schema.Durations;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.ParameterException;
import picocli.CommandLine.Spec;

/** {@code meshctl token}. */
@Command(
    name = "token",
    description = "Makes join tokens for services.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class TokenCommand {

  /** {@code meshctl token create}: prints the token alone on standard output. */
  @Command(name = "create", description = "Makes a token with which a service joins the mesh.")
  static final class Create extends MeshCommand {
    @Option(
        names = "--service",
        required = true,
        paramLabel = "NAME",
        description = "Service that may join with the token.")
    String service = "";

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NS",
        description = "Its namespace. Default: ${DEFAULT-VALUE}")
    String namespace = "default";

    @Option(
        names = "--service-account",
        paramLabel = "NAME",
        description = "Account in its identity. Default: the service's name")
    @Nullable String serviceAccount;

    @Option(
        names = "--ttl",
        paramLabel = "DURATION",
        description = "How long it can be used, such as 30m. Default: ${DEFAULT-VALUE}")
    String ttl = "1h";

    @Option(
        names = "--uses",
        paramLabel = "COUNT",
        description = "How many instances may join with it. Default: ${DEFAULT-VALUE}")
    int uses = 1;

    @Spec @Nullable CommandSpec spec;

    Create(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, Object> body = new LinkedHashMap<>();
      body.put("service", service);
      body.put("namespace", namespace);
      body.put("serviceAccount", serviceAccount == null ? service : serviceAccount);
      body.put("ttlSeconds", seconds());
      body.put("uses", uses);
      Json answer = server().post("/v1/tokens", body);
      print(answer.text("token"));
      terminal()
          .err()
          .println(
              "Token for "
                  + answer.text("spiffeId")
                  + ", "
                  + (uses == 1 ? "1 use" : uses + " uses")
                  + ", until "
                  + answer.text("expiresAt"));
      return 0;
    }

    private long seconds() {
      try {
        long seconds = Durations.millis(ttl) / 1000;
        if (seconds >= 1 && uses >= 1) {
          return seconds;
        }
      } catch (IllegalArgumentException e) {
        // Said below, with the value.
      }
      String problem =
          uses < 1
              ? "--uses must be at least 1, not " + uses
              : "--ttl must be a duration such as 30m or 1h, not " + ttl;
      if (spec == null) {
        throw CommandFailure.of("error: " + problem);
      }
      throw new ParameterException(spec.commandLine(), problem);
    }
  }
}
