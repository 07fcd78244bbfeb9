package dev.weft.meshctl;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Supplier;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The files of a change of policy and how they are meant: options of apply and of policy diff. */
final class PolicyFiles {
  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "File, folder or - for standard input; may be repeated.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of documents that name none. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(
      names = "--set",
      paramLabel = "NAME",
      description = "Name of the set that these resources belong to, such as a repository's.")
  @Nullable String set;

  @Option(
      names = "--prune",
      description = "Also remove what was applied with the same --set and is no longer there.")
  boolean prune;

  /** Sends the files as one change; {@code flag}, when not empty, only asks what it would do. */
  Json send(Supplier<ControlServer> server, Terminal terminal, String flag) {
    if (prune && set == null) {
      throw CommandFailure.usage(
          "error: --prune needs --set NAME: it removes what was applied with the same set before"
              + " and is no longer in the files");
    }
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("namespace", namespace);
    if (set != null) {
      body.put("set", set);
    }
    body.put("prune", prune);
    if (!flag.isEmpty()) {
      body.put(flag, true);
    }
    body.put("files", files(Documents.read(sources, terminal)));
    return server.get().post("/v1/policy/changes", body);
  }

  /** The texts as the control server takes them. */
  static List<Map<String, Object>> files(List<Documents> documents) {
    List<Map<String, Object>> files = new ArrayList<>();
    for (Documents each : documents) {
      Map<String, Object> file = new LinkedHashMap<>();
      file.put("name", each.name());
      file.put("text", text(each));
      files.add(file);
    }
    return files;
  }

  private static String text(Documents document) {
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(document.text()))
          .toString();
    } catch (CharacterCodingException e) {
      throw CommandFailure.of("error: " + document.name() + " is not UTF-8; save it as UTF-8");
    }
  }
}
