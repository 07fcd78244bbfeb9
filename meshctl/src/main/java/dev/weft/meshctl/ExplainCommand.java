package dev.weft.meshctl;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl explain}. */
@Command(
    name = "explain",
    description = "Asks running instances what they decide and why.",
    synopsisSubcommandLabel = "COMMAND",
    mixinStandardHelpOptions = true)
final class ExplainCommand {

  /** {@code meshctl explain request}. */
  @Command(
      name = "request",
      description =
          "Asks an instance what it would do with a request, and the instance that it would call"
              + " whether it would let it in. Nothing is sent.")
  static final class Request extends MeshCommand {
    @Option(
        names = "--from",
        required = true,
        paramLabel = "INSTANCE|SERVICE",
        description = "Who calls: an instance, or a service, of which the first is asked.")
    String from = "";

    @Option(
        names = "--to",
        required = true,
        paramLabel = "HOST[:PORT]",
        description = "Whom, as the application writes it, such as orders or orders.shop:8080.")
    String to = "";

    @Option(
        names = "--to-instance",
        description = "Which instance is to answer for the other side.")
    @Nullable String toInstance;

    @Option(names = "--method", description = "Default: ${DEFAULT-VALUE}")
    String method = "GET";

    @Option(names = "--path", description = "With query. Default: ${DEFAULT-VALUE}")
    String path = "/";

    @Option(names = "--scheme", description = "http or https. Default: ${DEFAULT-VALUE}")
    String scheme = "http";

    @Option(
        names = {"-H", "--header"},
        paramLabel = "NAME:VALUE",
        description = "A request header; may be repeated.")
    List<String> headers = new ArrayList<>();

    @Option(
        names = {"-n", "--namespace"},
        paramLabel = "NS",
        description = "Namespace of the calling service. Default: ${DEFAULT-VALUE}")
    String namespace = "default";

    @Option(
        names = {"-o", "--output"},
        paramLabel = "FORMAT",
        description = "text or json. Default: text")
    Format output = Format.text;

    /** The forms. */
    enum Format {
      text,
      json
    }

    Request(Terminal terminal) {
      super(terminal);
    }

    @Override
    public Integer call() {
      Map<String, Object> question = new LinkedHashMap<>();
      question.put("side", "outbound");
      question.put("method", method);
      question.put("scheme", scheme);
      question.put("authority", to);
      question.put("path", path);
      question.put("headers", headerMap());
      ControlServer server = server();
      List<Json> instances = server.get("/v1/instances?namespace=*").objects("items");
      Json caller = caller(instances);
      Json outbound = ask(server, caller, question);
      Json callee = outbound.flag("ended") ? null : callee(instances, outbound);
      Json inbound = null;
      if (callee != null) {
        question.put("side", "inbound");
        question.put("headers", outbound.object("headers").map());
        question.put("path", outbound.text("path"));
        question.put("port", callee.number("port"));
        question.put("remoteAddress", address(caller));
        question.put("localAddress", address(callee));
        Json way = wayTo(outbound, callee);
        if (way != null && way.flag("secure")) {
          question.put("peer", caller.text("spiffeId"));
          question.put("serverName", way.text("serverName"));
        }
        inbound = ask(server, callee, question);
      }
      if (output == Format.json) {
        Map<String, Object> both = new LinkedHashMap<>();
        both.put("outbound", outbound.map());
        both.put("inbound", inbound == null ? null : inbound.map());
        print(Json.pretty(both));
        return 0;
      }
      show(caller, "outbound", outbound);
      if (callee != null && inbound != null) {
        show(callee, "inbound", inbound);
      } else if (!outbound.flag("ended") && outbound.has("service")) {
        terminal()
            .err()
            .println("None of its endpoints is an instance that can be asked about its own side");
      }
      return 0;
    }

    private Map<String, Object> headerMap() {
      Map<String, Object> map = new LinkedHashMap<>();
      for (String header : headers) {
        int colon = header.indexOf(':');
        if (colon < 1) {
          throw CommandFailure.usage("error: -H must be NAME:VALUE, not " + header);
        }
        map.put(header.substring(0, colon).trim(), header.substring(colon + 1).trim());
      }
      return map;
    }

    private Json caller(List<Json> instances) {
      Json unable = null;
      for (Json each : instances) {
        boolean meant =
            each.text("instanceId").equals(from)
                || (each.text("service").equals(from) && each.text("namespace").equals(namespace));
        if (meant && canBeAsked(each)) {
          return each;
        }
        unable = meant ? each : unable;
      }
      throw CommandFailure.of(
          unable == null
              ? "error: there is no instance \""
                  + from
                  + "\" and no service of that name in namespace "
                  + namespace
                  + "; meshctl status shows them"
              : "error: instance "
                  + unable.text("instanceId")
                  + " is not connected to the control server, so it cannot be asked");
    }

    private @Nullable Json callee(List<Json> instances, Json outbound) {
      for (Json endpoint : outbound.objects("endpoints")) {
        for (Json each : instances) {
          String id = each.text("instanceId");
          if (id.equals(endpoint.text("id"))
              && canBeAsked(each)
              && (toInstance == null ? endpoint.flag("available") : id.equals(toInstance))) {
            return each;
          }
        }
      }
      if (toInstance != null) {
        throw CommandFailure.of(
            "error: " + toInstance + " is not among the endpoints that the request may go to");
      }
      return null;
    }

    private static boolean canBeAsked(Json instance) {
      return instance.text("state").equals("live") && instance.flag("watching");
    }

    private static @Nullable Json wayTo(Json outbound, Json callee) {
      for (Json endpoint : outbound.objects("endpoints")) {
        if (endpoint.text("id").equals(callee.text("instanceId"))) {
          return endpoint;
        }
      }
      return null;
    }

    private static String address(Json instance) {
      String address = instance.text("address");
      return address.isEmpty() ? "127.0.0.1" : address;
    }

    private static Json ask(ControlServer server, Json instance, Map<String, Object> question) {
      String id = ControlServer.encode(instance.text("instanceId"));
      return server.post("/v1/instances/" + id + "/explain", question);
    }

    private void show(Json instance, String side, Json answer) {
      print(
          Table.plain(
              side
                  + " at "
                  + instance.text("instanceId")
                  + " ("
                  + instance.text("namespace")
                  + "/"
                  + instance.text("service")
                  + "), policy version "
                  + answer.text("version")));
      for (Json step : answer.objects("steps")) {
        String stage = Table.plain(step.text("stage"));
        print(
            "  "
                + stage
                + " ".repeat(Math.max(1, 11 - stage.length()))
                + Table.plain(step.text("text")));
        for (String detail : step.texts("details")) {
          print(" ".repeat(13) + Table.plain(detail));
        }
      }
    }
  }
}
