package dev.weft.policy.document;

import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.yaml.snakeyaml.LoaderOptions;
import org.yaml.snakeyaml.error.MarkedYAMLException;
import org.yaml.snakeyaml.error.YAMLException;
import org.yaml.snakeyaml.events.AliasEvent;
import org.yaml.snakeyaml.events.CollectionStartEvent;
import org.yaml.snakeyaml.events.Event;
import org.yaml.snakeyaml.events.NodeEvent;
import org.yaml.snakeyaml.events.ScalarEvent;
import org.yaml.snakeyaml.events.SequenceStartEvent;
import org.yaml.snakeyaml.parser.Parser;
import org.yaml.snakeyaml.parser.ParserImpl;
import org.yaml.snakeyaml.reader.StreamReader;

/**
 * Reads YAML documents into values with marks, within limits that no text can get around.
 *
 * <p>It builds on the parser's events rather than on its composer: so that depth, size and aliases
 * are judged while the text is read and every refusal has a line and a column. Tags other than
 * {@code !!str}, merge keys, duplicate keys and keys that are not scalars are refused.
 */
public final class YamlReader {
  /** Deepest nesting of lists and objects. */
  static final int MAX_DEPTH = 64;

  /** Most values of a text, with aliases counted as what they stand for. */
  static final int MAX_VALUES = 50_000;

  private static final String TAG_PREFIX = "tag:yaml.org,2002:";
  private static final String TAG_TEXT = TAG_PREFIX + "str";

  private final Parser parser;
  private final Problems problems;
  private final Map<String, Value> anchors = new HashMap<>();
  private int values;

  private YamlReader(String text, Problems problems) {
    LoaderOptions options = new LoaderOptions();
    options.setProcessComments(false);
    this.parser = new ParserImpl(new StreamReader(text), options);
    this.problems = problems;
  }

  /**
   * Returns the documents of the text, without empty ones. When the text is not well-formed, a
   * problem is added and the documents before the fault are returned.
   */
  public static List<Value> read(byte[] utf8, Problems problems) {
    List<Value> documents = new ArrayList<>();
    String text = YamlText.decode(utf8, problems);
    if (text != null) {
      new YamlReader(text, problems).readInto(documents);
    }
    return documents;
  }

  private void readInto(List<Value> documents) {
    try {
      while (true) {
        Event event = parser.getEvent();
        if (event.is(Event.ID.StreamEnd)) {
          return;
        }
        if (event.is(Event.ID.DocumentStart)) {
          anchors.clear();
          Value document = value(parser.getEvent(), 1);
          if (!(document instanceof Value.Scalar && ((Value.Scalar) document).isNull())) {
            documents.add(document);
          }
        }
      }
    } catch (Refused e) {
      problems.syntax(e.mark, e.reason);
    } catch (MarkedYAMLException e) {
      org.yaml.snakeyaml.error.Mark mark = e.getProblemMark();
      problems.syntax(mark == null ? Mark.START : markOf(mark), message(e));
    } catch (YAMLException e) {
      problems.syntax(Mark.START, "the text is not YAML: " + e.getMessage());
    }
  }

  private Value value(Event event, int depth) {
    if (event instanceof AliasEvent) {
      return alias((AliasEvent) event);
    }
    Mark mark = markOf(event.getStartMark());
    if (event instanceof ScalarEvent) {
      count(1, mark);
      ScalarEvent scalar = (ScalarEvent) event;
      boolean plain = checkTag(scalar.getTag(), mark) && scalar.isPlain();
      return anchored(scalar, new Value.Scalar(mark, scalar.getValue(), plain));
    }
    if (depth > MAX_DEPTH) {
      throw new Refused(mark, "nested deeper than " + MAX_DEPTH + " levels");
    }
    count(1, mark);
    CollectionStartEvent start = (CollectionStartEvent) event;
    if (start.getTag() != null) {
      throw tagRefused(start.getTag(), mark);
    }
    return anchored(
        start, event instanceof SequenceStartEvent ? sequence(mark, depth) : mapping(mark, depth));
  }

  private Value sequence(Mark mark, int depth) {
    List<Value> elements = new ArrayList<>();
    int size = 1;
    Event event = parser.getEvent();
    while (!event.is(Event.ID.SequenceEnd)) {
      Value element = value(event, depth + 1);
      size += element.size();
      elements.add(element);
      event = parser.getEvent();
    }
    return new Value.Sequence(mark, elements, size);
  }

  private Value mapping(Mark mark, int depth) {
    Map<String, Value.Entry> entries = new LinkedHashMap<>();
    int size = 1;
    Event event = parser.getEvent();
    while (!event.is(Event.ID.MappingEnd)) {
      Value.Scalar key = key(event, depth);
      Value value = value(parser.getEvent(), depth + 1);
      size += value.size() + 1;
      Value.Entry first = entries.get(key.text);
      if (first != null) {
        throw new Refused(
            key.mark(),
            "key " + key.describe() + " is there already, at " + first.key.mark() + "; keep one");
      }
      entries.put(key.text, new Value.Entry(key, value));
      event = parser.getEvent();
    }
    return new Value.Mapping(mark, entries, size);
  }

  private Value.Scalar key(Event event, int depth) {
    Mark mark = markOf(event.getStartMark());
    if (!(event instanceof ScalarEvent)) {
      throw new Refused(mark, "a key must be a text");
    }
    Value.Scalar key = (Value.Scalar) value(event, depth + 1);
    if (key.plain && key.text.equals("<<")) {
      throw new Refused(mark, "merge keys are not allowed; write the fields out");
    }
    if (key.isNull()) {
      throw new Refused(mark, "a key must not be empty");
    }
    return key;
  }

  private Value alias(AliasEvent event) {
    Mark mark = markOf(event.getStartMark());
    Value value = anchors.get(event.getAnchor());
    if (value == null) {
      throw new Refused(
          mark, "alias *" + event.getAnchor() + " has no complete anchor before this place");
    }
    count(value.size(), mark);
    return value;
  }

  private <V extends Value> V anchored(NodeEvent event, V value) {
    if (event.getAnchor() != null) {
      anchors.put(event.getAnchor(), value);
    }
    return value;
  }

  private void count(int more, Mark mark) {
    values += more;
    if (values > MAX_VALUES) {
      throw new Refused(
          mark, "more than " + MAX_VALUES + " values, with aliases counted as often as used");
    }
  }

  /** Returns whether the scalar's style decides, which it does without a tag. */
  private static boolean checkTag(@Nullable String tag, Mark mark) {
    if (tag == null) {
      return true;
    }
    if (tag.equals(TAG_TEXT) || tag.equals("!")) {
      return false;
    }
    throw tagRefused(tag, mark);
  }

  private static Refused tagRefused(String tag, Mark mark) {
    String written = tag.startsWith(TAG_PREFIX) ? "!!" + tag.substring(TAG_PREFIX.length()) : tag;
    return new Refused(mark, "tag " + written + " is not allowed; remove it");
  }

  private static String message(MarkedYAMLException e) {
    String context = e.getContext();
    String problem = e.getProblem();
    return "the text is not YAML: "
        + (context == null || context.isEmpty() ? "" : context + ": ")
        + (problem == null ? "unknown fault" : problem.trim());
  }

  private static Mark markOf(org.yaml.snakeyaml.error.Mark mark) {
    return Mark.of(mark.getLine() + 1, mark.getColumn() + 1);
  }

  /** Ends the reading: what follows a fault of this sort cannot be trusted. */
  private static final class Refused extends RuntimeException {
    private static final long serialVersionUID = 1;

    private final transient Mark mark;
    private final String reason;

    Refused(Mark mark, String reason) {
      super(reason, null, false, false);
      this.mark = mark;
      this.reason = reason;
    }
  }
}
