package dev.weft.meshctl;

import dev.weft.analysis.Analysis;
import dev.weft.analysis.Defaults;
import dev.weft.analysis.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl analyze}: files by themselves, the policy in force, or both together. */
@Command(
    name = "analyze",
    description =
        "Looks for mistakes in policy, each resource by itself and all together: in files, offline;"
            + " without -f in what is in force at the control server.")
final class AnalyzeCommand extends MeshCommand {
  @Option(
      names = {"-f", "--filename"},
      paramLabel = "FILE|DIR|-",
      description = "File, folder or - for standard input; may be repeated.")
  List<String> sources = new ArrayList<>();

  @Option(
      names = {"-n", "--namespace"},
      paramLabel = "NS",
      description = "Namespace of documents that name none. Default: ${DEFAULT-VALUE}")
  String namespace = "default";

  @Option(
      names = "--mesh",
      description = "With -f: the files together with what is in force, as if they were applied.")
  boolean mesh;

  AnalyzeCommand(Terminal terminal) {
    super(terminal);
  }

  @Override
  public Integer call() {
    List<Documents> documents = Documents.read(sources, terminal());
    return mesh || sources.isEmpty() ? inMesh(documents) : offline(documents);
  }

  private int offline(List<Documents> documents) {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    documents.forEach(each -> texts.put(each.name(), each.text()));
    Defaults defaults = new Defaults(namespace, Defaults.OFFLINE.domain());
    List<Finding> findings = Analysis.of(texts, List.of(), defaults);
    findings.forEach(finding -> print(Table.plain(finding.toString())));
    return conclude(
        findings.isEmpty(),
        findings.stream().anyMatch(finding -> finding.level() == Finding.Level.ERROR));
  }

  private int inMesh(List<Documents> documents) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("namespace", namespace);
    body.put("files", PolicyFiles.files(documents));
    List<Json> findings = server().post("/v1/policy/analysis", body).objects("findings");
    findings.forEach(finding -> print(Table.plain(line(finding))));
    return conclude(
        findings.isEmpty(),
        findings.stream().anyMatch(finding -> finding.text("level").equals("Error")));
  }

  private int conclude(boolean nothing, boolean error) {
    if (nothing) {
      terminal().err().println("No issues found");
    }
    return error ? 1 : 0;
  }

  /** As {@link Finding#toString} has it. */
  private static String line(Json finding) {
    String code = finding.text("code");
    String file = finding.text("file");
    String resource = finding.text("resource");
    String place =
        file.isEmpty() ? "" : file + ":" + finding.text("line") + ":" + finding.text("column");
    return finding.text("level")
        + (code.isEmpty() ? "" : " [" + code + "]")
        + " ("
        + resource
        + (resource.isEmpty() || place.isEmpty() ? "" : " ")
        + place
        + ") "
        + finding.text("message");
  }
}
