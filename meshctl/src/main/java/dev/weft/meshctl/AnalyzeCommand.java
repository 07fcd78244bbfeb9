package dev.weft.meshctl;

import dev.weft.analysis.Analysis;
import dev.weft.analysis.Defaults;
import dev.weft.analysis.Finding;
import dev.weft.policy.document.Mark;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
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
    return conclude(findings);
  }

  private int inMesh(List<Documents> documents) {
    Map<String, Object> body = new LinkedHashMap<>();
    body.put("namespace", namespace);
    body.put("files", PolicyFiles.files(documents));
    List<Json> findings = server().post("/v1/policy/analysis", body).objects("findings");
    return conclude(findings.stream().map(AnalyzeCommand::finding).toList());
  }

  private int conclude(List<Finding> findings) {
    findings.forEach(finding -> print(Table.plain(finding.toString())));
    if (findings.isEmpty()) {
      terminal().err().println("No issues found");
    }
    return findings.stream().anyMatch(each -> each.level() == Finding.Level.ERROR) ? 1 : 0;
  }

  private static Finding finding(Json from) {
    return new Finding(
        from.text("code"),
        Finding.Level.valueOf(from.text("level").toUpperCase(Locale.ROOT)),
        from.text("resource"),
        from.text("file"),
        Mark.of((int) from.number("line"), (int) from.number("column")),
        from.text("message"));
  }
}
