package dev.weft.instrumentation.apachehttpclient5;

import org.apache.hc.core5.http.HttpResponse;
import org.apache.hc.core5.http.ProtocolVersion;
import org.jspecify.annotations.Nullable;

/** Protocol versions as the semantic conventions write them. */
final class Versions {
  private Versions() {}

  static @Nullable String of(HttpResponse response) {
    ProtocolVersion version = response.getVersion();
    if (version == null || version.getMajor() > 2) {
      return null;
    }
    if (version.getMajor() == 2) {
      return "2";
    }
    return version.getMinor() == 0 ? "1.0" : "1.1";
  }
}
