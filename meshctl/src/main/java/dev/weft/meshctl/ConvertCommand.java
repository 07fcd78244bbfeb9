package dev.weft.meshctl;

import dev.weft.meshctl.convert.Converter;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl convert}: from another mesh's policy to Istio's kinds; talks to nobody. */
@Command(
    name = "convert",
    description = {
      "Turns policy of another mesh into Istio's kinds, on standard output.",
      "What has no counterpart is a comment in front of the resource. Offline."
    },
    mixinStandardHelpOptions = true)
final class ConvertCommand implements Callable<Integer> {
  /** Meshes whose policy is read. */
  enum From {
    consul,
    linkerd,
    appmesh
  }

  @Option(
      names = "--from",
      required = true,
      paramLabel = "MESH",
      description = "One of ${COMPLETION-CANDIDATES}.")
  From from = From.consul;

  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "JSON or YAML: file, folder or - for standard input; may be repeated.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of documents that name none. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  private final Terminal terminal;

  ConvertCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    Documents.read(sources, terminal).forEach(each -> texts.put(each.name(), each.text()));
    Converter.Mesh mesh = Converter.Mesh.valueOf(from.name().toUpperCase(Locale.ROOT));
    Converter.Result result = Converter.convert(mesh, texts, namespace);
    if (!result.problems().isEmpty()) {
      throw CommandFailure.of(result.problems());
    }
    terminal.out().print(result.text());
    terminal
        .err()
        .println(
            result.resources()
                + (result.resources() == 1 ? " resource" : " resources")
                + (result.gaps() == 0
                    ? ""
                    : "; " + result.gaps() + " without a counterpart, see NOT CONVERTED"));
    return 0;
  }
}
