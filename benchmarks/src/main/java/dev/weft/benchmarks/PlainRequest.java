package dev.weft.benchmarks;

import dev.weft.dataplane.outbound.OutboundRequest;
import org.jspecify.annotations.Nullable;

/**
 * A request that costs next to nothing itself, so that the engine is what is measured. A few
 * headers in flat arrays, as an adapter over a library's own list has them.
 */
final class PlainRequest implements OutboundRequest {
  private final String path;
  private final String[] names = new String[16];
  private final String[] values = new String[16];
  private final int given;
  private int count;

  PlainRequest(String path, String... headers) {
    this.path = path;
    for (int i = 0; i < headers.length; i += 2) {
      addHeader(headers[i], headers[i + 1]);
    }
    this.given = count;
  }

  /** Forgets what the engine wrote. */
  void reset() {
    count = given;
  }

  @Override
  public String method() {
    return "GET";
  }

  @Override
  public String scheme() {
    return "http";
  }

  @Override
  public String authority() {
    return "orders.shop:8080";
  }

  @Override
  public String path() {
    return path;
  }

  private int index(String name) {
    for (int i = 0; i < count; i++) {
      if (names[i].equalsIgnoreCase(name)) {
        return i;
      }
    }
    return -1;
  }

  @Override
  public @Nullable String header(String name) {
    int index = index(name);
    return index < 0 ? null : values[index];
  }

  @Override
  public void setHeader(String name, String value) {
    int index = index(name);
    if (index < 0) {
      addHeader(name, value);
    } else {
      values[index] = value;
    }
  }

  @Override
  public void addHeader(String name, String value) {
    names[count] = name;
    values[count++] = value;
  }

  @Override
  public void removeHeader(String name) {
    int index = index(name);
    if (index >= 0) {
      count--;
      names[index] = names[count];
      values[index] = values[count];
    }
  }

  @Override
  public boolean replayable() {
    return true;
  }
}
