package dev.weft.meshctl;

import dev.weft.meshctl.analyze.Analysis;
import dev.weft.meshctl.analyze.Finding;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Option;

/** {@code meshctl analyze}: looks at files and talks to nobody. */
@Command(
    name = "analyze",
    description = "Looks for mistakes in policy files, each by itself and together. Offline.",
    mixinStandardHelpOptions = true)
final class AnalyzeCommand implements Callable<Integer> {
  @Option(
      names = {"-f", "--filename"},
      required = true,
      paramLabel = "FILE|DIR|-",
      description = "File, folder or - for standard input; may be repeated.")
  List<String> sources = new ArrayList<>();

  private final Terminal terminal;

  AnalyzeCommand(Terminal terminal) {
    this.terminal = terminal;
  }

  @Override
  public Integer call() {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    for (Documents each : Documents.read(sources, terminal)) {
      texts.put(each.name(), each.text());
    }
    List<Finding> findings = Analysis.of(texts);
    findings.forEach(finding -> terminal.out().println(Table.plain(finding.toString())));
    if (findings.isEmpty()) {
      terminal.err().println("No issues found");
    }
    return findings.stream().anyMatch(finding -> finding.level() == Finding.Level.ERROR) ? 1 : 0;
  }
}
