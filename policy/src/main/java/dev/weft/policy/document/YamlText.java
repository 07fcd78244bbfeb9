package dev.weft.policy.document;

import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.CodingErrorAction;
import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/** Checks the characters of a YAML text before a parser sees them. */
final class YamlText {
  /** Largest text, in bytes: what a store of policies takes in one piece. */
  static final int MAX_BYTES = 1024 * 1024;

  /** Most lines: what is read in a fifth of a second, even by a runtime that has just started. */
  static final int MAX_LINES = 20_000;

  private YamlText() {}

  /** Returns the text, or null when a problem was added. */
  static @Nullable String decode(byte[] bytes, Problems problems) {
    if (bytes.length > MAX_BYTES) {
      problems.syntax(
          markAt(bytes, MAX_BYTES),
          "the text is larger than 1 MiB ("
              + bytes.length
              + " bytes); split it into several files");
      return null;
    }
    CharsetDecoder decoder =
        StandardCharsets.UTF_8
            .newDecoder()
            .onMalformedInput(CodingErrorAction.REPORT)
            .onUnmappableCharacter(CodingErrorAction.REPORT);
    ByteBuffer in = ByteBuffer.wrap(bytes);
    CharBuffer out = CharBuffer.allocate(bytes.length);
    CoderResult result = decoder.decode(in, out, true);
    if (result.isError()) {
      problems.syntax(markAt(bytes, in.position()), "the text is not UTF-8; save it as UTF-8");
      return null;
    }
    out.flip();
    String text = out.toString();
    return checkCharacters(text, problems) ? text : null;
  }

  private static boolean checkCharacters(String text, Problems problems) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '\n') {
        line++;
        column = 1;
        if (line > MAX_LINES) {
          problems.syntax(
              Mark.of(line, column),
              "the text has more than " + MAX_LINES + " lines; split it into several files");
          return false;
        }
        continue;
      }
      String fault = fault(c);
      if (fault != null) {
        problems.syntax(Mark.of(line, column), fault);
        return false;
      }
      if (!Character.isLowSurrogate(c)) {
        column++;
      }
    }
    return true;
  }

  private static @Nullable String fault(char c) {
    if (c == '\uFEFF') {
      return "the text contains a byte order mark; save it as UTF-8 without BOM";
    }
    boolean control = (c < ' ' && c != '\t' && c != '\r') || (c >= 0x7F && c < 0xA0 && c != 0x85);
    if (control || c >= 0xFFFE) {
      return String.format("character U+%04X is not allowed; remove it", (int) c);
    }
    return null;
  }

  private static Mark markAt(byte[] bytes, int offset) {
    int line = 1;
    int column = 1;
    for (int i = 0; i < offset; i++) {
      if (bytes[i] == '\n') {
        line++;
        column = 1;
      } else if ((bytes[i] & 0xC0) != 0x80) {
        column++;
      }
    }
    return Mark.of(line, column);
  }
}
