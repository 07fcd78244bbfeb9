package dev.weft.meshctl.convert;

import dev.weft.policy.document.Mark;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object of a document written for another mesh, which remembers what was asked of it: what was
 * not asked for has no counterpart, and {@link #unread} names it. Names of fields count without
 * case, {@code _} and {@code -}, since one thing is {@code PathPrefix}, {@code path_prefix} and
 * {@code pathPrefix} in the forms of one mesh. Not thread-safe.
 */
final class Foreign {
  private final String path;
  private final Mark mark;
  private final Map<String, Value.Entry> entries = new LinkedHashMap<>();
  private final Map<String, List<Foreign>> below = new LinkedHashMap<>();
  private final Set<String> read = new HashSet<>();

  private Foreign(String path, @Nullable Value value, Mark mark) {
    this.path = path;
    this.mark = mark;
    if (value instanceof Value.Mapping mapping) {
      mapping.entries.values().forEach(entry -> entries.put(key(entry.key.text), entry));
    }
  }

  static Foreign of(Value value) {
    return new Foreign("", value, value.mark());
  }

  private static String key(String field) {
    return field.toLowerCase(Locale.ROOT).replace("_", "").replace("-", "");
  }

  Mark mark() {
    return mark;
  }

  /** Whether the field has a value other than null. */
  boolean has(String field) {
    Value.Entry entry = entries.get(key(field));
    return entry != null && !(entry.value instanceof Value.Scalar scalar && scalar.isNull());
  }

  String text(String field) {
    read.add(key(field));
    Value.Entry entry = entries.get(key(field));
    return entry != null && entry.value instanceof Value.Scalar scalar && !scalar.isNull()
        ? scalar.text
        : "";
  }

  boolean flag(String field) {
    return text(field).equalsIgnoreCase("true");
  }

  /** The number under the field; what is none reads as {@code absent}. */
  double number(String field, double absent) {
    try {
      String text = text(field);
      return text.isEmpty() ? absent : Double.parseDouble(text);
    } catch (NumberFormatException e) {
      return absent;
    }
  }

  List<String> texts(String field) {
    read.add(key(field));
    List<String> texts = new ArrayList<>();
    Value.Entry entry = entries.get(key(field));
    if (entry != null && entry.value instanceof Value.Sequence sequence) {
      for (Value element : sequence.elements) {
        if (element instanceof Value.Scalar scalar) {
          texts.add(scalar.text);
        }
      }
    }
    return texts;
  }

  /** The names of the fields as written. */
  List<String> names() {
    List<String> names = new ArrayList<>();
    entries.values().forEach(entry -> names.add(entry.key.text));
    return names;
  }

  Map<String, String> textMap(String field) {
    Foreign map = object(field);
    Map<String, String> texts = new LinkedHashMap<>();
    map.names().forEach(name -> texts.put(name, map.text(name)));
    return texts;
  }

  /** The object under the field; one that is not there reads as empty. */
  Foreign object(String field) {
    List<Foreign> found = objects(field);
    return found.isEmpty() ? new Foreign(join(field), null, mark) : found.get(0);
  }

  List<Foreign> objects(String field) {
    read.add(key(field));
    return below.computeIfAbsent(
        key(field),
        key -> {
          List<Foreign> made = new ArrayList<>();
          Value.Entry entry = entries.get(key);
          if (entry != null && entry.value instanceof Value.Sequence sequence) {
            for (int i = 0; i < sequence.elements.size(); i++) {
              Value element = sequence.elements.get(i);
              made.add(new Foreign(join(field) + "[" + i + "]", element, element.mark()));
            }
          } else if (entry != null && entry.value instanceof Value.Mapping) {
            made.add(new Foreign(join(field), entry.value, entry.value.mark()));
          }
          return made;
        });
  }

  private String join(String field) {
    Value.Entry entry = entries.get(key(field));
    String written = entry == null ? field : entry.key.text;
    return path.isEmpty() ? written : path + "." + written;
  }

  /** Takes note that fields say nothing that needs a counterpart. */
  Foreign ignore(String... fields) {
    for (String field : fields) {
      read.add(key(field));
    }
    return this;
  }

  /** Adds the paths of what nobody asked for, here and below. */
  void unread(List<String> paths) {
    entries.forEach(
        (key, entry) -> {
          if (!read.contains(key) && has(key)) {
            paths.add(join(key));
          }
        });
    below.values().forEach(children -> children.forEach(child -> child.unread(paths)));
  }

  /** The value as plain Java, as it is; everything in it counts as asked for. */
  Object tree(String field) {
    read.add(key(field));
    Value.Entry entry = entries.get(key(field));
    return entry == null ? Map.of() : tree(entry.value);
  }

  private static Object tree(Value value) {
    if (value instanceof Value.Mapping mapping) {
      Map<String, Object> map = new LinkedHashMap<>();
      mapping.entries.forEach((name, entry) -> map.put(name, tree(entry.value)));
      return map;
    }
    if (value instanceof Value.Sequence sequence) {
      return new ArrayList<>(sequence.elements.stream().map(Foreign::tree).toList());
    }
    Value.Scalar scalar = (Value.Scalar) value;
    if (scalar.plain && scalar.text.matches("-?(0|[1-9][0-9]{0,17})")) {
      return Long.valueOf(scalar.text);
    }
    boolean flag = scalar.plain && (scalar.text.equals("true") || scalar.text.equals("false"));
    return flag ? (Object) Boolean.valueOf(scalar.text) : scalar.text;
  }
}
