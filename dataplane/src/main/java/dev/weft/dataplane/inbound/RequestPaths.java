package dev.weft.dataplane.inbound;

import java.io.ByteArrayOutputStream;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Deque;
import org.jspecify.annotations.Nullable;

/**
 * The ways one request's path can be read: as on the wire, as we normalise it, as the container
 * decoded it, and as it chose the servlet. A DENY holds when any reading matches, an ALLOW when all
 * do. A path that readers may disagree about is ambiguous. For one request, one thread.
 */
final class RequestPaths {
  private final String raw;
  private final String normalised;
  private final String decoded;
  private final @Nullable String mapped;
  private final boolean ambiguous;

  private RequestPaths(
      String raw, String normalised, String decoded, @Nullable String mapped, boolean ambiguous) {
    this.raw = raw;
    this.normalised = normalised;
    this.decoded = decoded;
    this.mapped = mapped;
    this.ambiguous = ambiguous;
  }

  static RequestPaths of(InboundRequest request) {
    String target = request.rawPath();
    int query = target.indexOf('?');
    String raw = query < 0 ? target : target.substring(0, query);
    String decoded = request.decodedPath();
    String mapped = request.mappedPath();
    if (plain(raw)) {
      return new RequestPaths(raw, raw, decoded, mapped, false);
    }
    String normalised = normalise(raw);
    if (normalised == null) {
      return new RequestPaths(raw, raw, decoded, mapped, true);
    }
    return new RequestPaths(raw, normalised, decoded, mapped, false);
  }

  /** True when two readers may see two different paths in it. */
  boolean ambiguous() {
    return ambiguous;
  }

  /** The path as we normalise it; as on the wire where that is ambiguous. */
  String normalised() {
    return normalised;
  }

  /** Whether a reading is the path as it is on the wire, without its query. */
  boolean isRaw(String reading) {
    return reading.equals(raw);
  }

  boolean anyMatches(TextPattern[] patterns) {
    return TextPattern.any(patterns, raw)
        || (!normalised.equals(raw) && TextPattern.any(patterns, normalised))
        || (!decoded.equals(raw) && TextPattern.any(patterns, decoded))
        || (mapped != null && !mapped.equals(decoded) && TextPattern.any(patterns, mapped));
  }

  /**
   * Whether what the application is going to see matches. The raw text is left out: a client may
   * encode an unreserved character, and its request is the same request (RFC 3986, section 6.2.2).
   */
  boolean allMatch(TextPattern[] patterns) {
    return TextPattern.any(patterns, normalised)
        && (decoded.equals(normalised) || TextPattern.any(patterns, decoded))
        && (mapped == null || mapped.equals(decoded) || TextPattern.any(patterns, mapped));
  }

  /** Nothing in it that anybody decodes, merges or resolves. */
  private static boolean plain(String path) {
    if (path.isEmpty() || path.charAt(0) != '/') {
      return false;
    }
    for (int i = 0; i < path.length(); i++) {
      char c = path.charAt(i);
      if (c == '%' || c == ';' || c == '\\' || c == '#' || c <= ' ' || c >= 0x7f) {
        return false;
      }
      if (c == '/' && i + 1 < path.length()) {
        char next = path.charAt(i + 1);
        if (next == '/' || next == '.') {
          return false;
        }
      }
    }
    return true;
  }

  /**
   * Decodes once, takes path parameters off, merges slashes and resolves dots (Istio's
   * DECODE_AND_MERGE_SLASHES).
   *
   * @return null when the path is ambiguous: an encoded slash, backslash, semicolon, NUL or other
   *     control, a fragment, something encoded twice, malformed or overlong UTF-8, or a path
   *     parameter on a dot segment
   */
  private static @Nullable String normalise(String raw) {
    String path = RequestTargets.pathAndQuery(raw);
    if (!path.startsWith("/")) {
      return path.equals("*") ? path : null;
    }
    Deque<String> segments = new ArrayDeque<>();
    boolean slashAtEnd = false;
    for (String part : path.substring(1).split("/", -1)) {
      int parameter = part.indexOf(';');
      String segment = decode(parameter < 0 ? part : part.substring(0, parameter));
      boolean dots = segment != null && (segment.equals(".") || segment.equals(".."));
      if (segment == null || (dots && parameter >= 0)) {
        return null;
      }
      slashAtEnd = segment.isEmpty() || dots;
      if (segment.equals("..")) {
        if (segments.isEmpty()) {
          return null;
        }
        segments.removeLast();
      } else if (!segment.isEmpty() && !dots) {
        segments.addLast(segment);
      }
    }
    String joined = "/" + String.join("/", segments);
    return slashAtEnd && joined.length() > 1 ? joined + "/" : joined;
  }

  private static @Nullable String decode(String part) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(part.length());
    for (int i = 0; i < part.length(); i++) {
      char c = part.charAt(i);
      int value = c;
      if (c == '%') {
        int high = i + 1 < part.length() ? Character.digit(part.charAt(i + 1), 16) : -1;
        int low = i + 2 < part.length() ? Character.digit(part.charAt(i + 2), 16) : -1;
        if (high < 0 || low < 0) {
          return null;
        }
        value = high * 16 + low;
        i += 2;
        boolean twice = value == '%' && isHex(part, i + 1) && isHex(part, i + 2);
        if (value == '/' || twice || value == ';') {
          return null;
        }
      } else if (c == '#') {
        return null;
      }
      if (value == '\\' || value < 0x20 || value == 0x7f || value > 0xff) {
        return null;
      }
      bytes.write(value);
    }
    try {
      return StandardCharsets.UTF_8
          .newDecoder()
          .decode(ByteBuffer.wrap(bytes.toByteArray()))
          .toString();
    } catch (CharacterCodingException e) {
      return null;
    }
  }

  private static boolean isHex(String text, int at) {
    return at < text.length() && Character.digit(text.charAt(at), 16) >= 0;
  }
}
