package dev.weft.controlserver.resource;

import dev.weft.analysis.Finding;
import dev.weft.policy.document.Problem;
import dev.weft.policy.resource.Resource;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/**
 * What the server says about a resource in force, in the shape of Istio's {@code IstioStatus} and
 * the Gateway API's {@code RouteStatus}. Pure functions.
 */
final class PolicyStatus {
  private PolicyStatus() {}

  /** The {@code status} of a resource; empty when there is nothing to say. */
  static Map<String, Object> of(Resource resource, List<Finding> findings, List<Object> parents) {
    List<Object> messages = new ArrayList<>();
    for (Problem warning : resource.warnings()) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put("type", Map.of("name", warning.code.text()));
      message.put("level", "WARNING");
      message.put("field", warning.field);
      message.put("message", warning.message);
      messages.add(message);
    }
    for (Finding finding : findings) {
      Map<String, Object> message = new LinkedHashMap<>();
      message.put(
          "type",
          finding.code().isEmpty() ? Map.of("name", "Finding") : Map.of("code", finding.code()));
      message.put("level", finding.level().name());
      message.put("message", finding.message());
      messages.add(message);
    }
    Map<String, Object> status = new LinkedHashMap<>();
    if (!parents.isEmpty()) {
      status.put("parents", parents);
    }
    if (!messages.isEmpty()) {
      status.put("validationMessages", messages);
    }
    return status;
  }
}
