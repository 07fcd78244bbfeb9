package dev.weft.policy;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The fields of an instance report in JSON, both ways. */
final class InstanceReportFields {
  private InstanceReportFields() {}

  static Map<String, Object> toMap(InstanceReport report) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("service", report.service);
    map.put("namespace", report.namespace);
    map.put("serviceAccount", report.serviceAccount);
    map.put("labels", new LinkedHashMap<>(report.labels));
    map.put("locality", report.locality);
    map.put("address", report.address);
    map.put("port", report.port);
    map.put("mtls", report.mtls);
    map.put("agentVersion", report.agentVersion);
    map.put("jvm", report.jvm);
    map.put("pid", report.pid);
    map.put("startedAt", report.startedAt);
    if (report.certificateNotAfter != null) {
      map.put("certificateNotAfter", report.certificateNotAfter);
    }
    map.put("snapshotVersion", report.snapshotVersion);
    if (report.snapshotError != null) {
      map.put("snapshotError", report.snapshotError);
    }
    if (report.ready != null) {
      map.put("ready", report.ready);
    }
    List<Object> list = new ArrayList<>();
    for (InstrumentationStatus each : report.instrumentation) {
      list.add(each.toMap());
    }
    map.put("instrumentation", list);
    return map;
  }

  static InstanceReport fromMap(Map<?, ?> map) {
    ReportFields in = new ReportFields(map);
    return InstanceReport.builder()
        .service(in.text("service", ""))
        .namespace(in.text("namespace", "default"))
        .serviceAccount(in.text("serviceAccount", ""))
        .labels(in.texts("labels"))
        .locality(in.text("locality", ""))
        .address(in.text("address", ""))
        .port((int) in.number("port", 65535))
        .mtls(in.flag("mtls"))
        .agentVersion(in.text("agentVersion", ""))
        .jvm(in.text("jvm", ""))
        .pid(in.number("pid", Long.MAX_VALUE))
        .startedAt(in.text("startedAt", ""))
        .certificateNotAfter(in.optionalText("certificateNotAfter"))
        .snapshotVersion(in.number("snapshotVersion", Long.MAX_VALUE))
        .snapshotError(in.optionalText("snapshotError"))
        .ready(map.get("ready") == null ? null : in.flag("ready"))
        .instrumentation(in.instrumentation("instrumentation"))
        .build();
  }
}
