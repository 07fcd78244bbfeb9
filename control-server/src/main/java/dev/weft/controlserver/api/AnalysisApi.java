package dev.weft.controlserver.api;

import com.fasterxml.jackson.databind.node.ArrayNode;
import com.fasterxml.jackson.databind.node.ObjectNode;
import com.linecorp.armeria.common.HttpMethod;
import com.linecorp.armeria.common.HttpResponse;
import dev.weft.analysis.Finding;
import dev.weft.controlserver.Json;
import dev.weft.controlserver.analysis.MeshAnalysis;
import dev.weft.controlserver.resource.PolicyTexts;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** Looking for mistakes in the policy in force, and in what it would be with some files. */
final class AnalysisApi {
  private final MeshAnalysis analysis;

  AnalysisApi(MeshAnalysis analysis) {
    this.analysis = analysis;
  }

  List<Endpoint> endpoints() {
    return List.of(
        new Endpoint(HttpMethod.POST, "/v1/policy/analysis", Role.OPERATOR, this::analyze));
  }

  private HttpResponse analyze(Call call) throws ApiError {
    Map<String, byte[]> texts = new LinkedHashMap<>();
    if (!call.body().path("files").isEmpty()) {
      for (PolicyTexts.Text text : ChangeApi.files(call)) {
        texts.put(text.file(), text.utf8());
      }
    }
    ObjectNode answer = Json.object();
    ArrayNode findings = answer.putArray("findings");
    for (Finding finding : analysis.with(texts, call.text("namespace", "default"))) {
      findings
          .addObject()
          .put("code", finding.code())
          .put("level", finding.level().text())
          .put("resource", finding.reference())
          .put("file", finding.file())
          .put("line", finding.mark().line)
          .put("column", finding.mark().column)
          .put("message", finding.message());
    }
    return Call.json(answer);
  }
}
