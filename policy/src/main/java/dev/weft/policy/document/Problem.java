package dev.weft.policy.document;

import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a document is refused, or accepted with a warning: where, which field, and what to do about
 * it. Immutable.
 */
public final class Problem {
  /** The kinds of reasons. */
  public enum Code {
    /** The text is not YAML, or goes beyond a limit. */
    SYNTAX("Syntax"),
    /** The document breaks a rule of its kind. */
    INVALID("Invalid"),
    /** The document is right, but Weft does not carry out this part of it yet. */
    NOT_IN_FORCE("NotInForce"),
    /** A warning: the field is accepted and kept, and nothing comes of it. */
    WITHOUT_EFFECT("WithoutEffect");

    private final String text;

    Code(String text) {
      this.text = text;
    }

    /** Returns the word used in JSON. */
    public String text() {
      return text;
    }
  }

  /** Reason of refusal, or that it is a warning. */
  public final Code code;

  /** Name of the file as the caller gave it. */
  public final String file;

  /** Place of the value or key at fault. */
  public final Mark mark;

  /** Path such as {@code spec.http[0].timeout}; empty when the text as a whole is at fault. */
  public final String field;

  /** What is wrong and what to do, without place and path. */
  public final String message;

  private Problem(Code code, String file, Mark mark, String field, String message) {
    this.code = code;
    this.file = file;
    this.mark = mark;
    this.field = field;
    this.message = message;
  }

  /** Returns a problem. */
  public static Problem of(Code code, String file, Mark mark, String field, String message) {
    return new Problem(code, file, mark, field, message);
  }

  /** Returns the problem as the REST API reports it. */
  public Map<String, Object> toMap() {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("code", code.text());
    map.put("file", file);
    map.put("line", mark.line);
    map.put("column", mark.column);
    map.put("field", field);
    map.put("message", message);
    return map;
  }

  /** Returns one line: {@code file:line:column: field: message}. */
  @Override
  public String toString() {
    return file + ":" + mark + ": " + (field.isEmpty() ? "" : field + ": ") + message;
  }
}
