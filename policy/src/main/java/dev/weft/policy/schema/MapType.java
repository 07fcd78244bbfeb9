package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** An object with keys of the user's choosing and values of one type. Immutable. */
public final class MapType extends Type {
  private final String keyName;
  private final Check keyCheck;
  private final Type value;

  private MapType(String keyName, Check keyCheck, Type value) {
    this.keyName = keyName;
    this.keyCheck = keyCheck;
    this.value = value;
  }

  /** Returns the type of an object; {@code keyName} says what its keys are. */
  public static MapType of(String keyName, Check keyCheck, Type value) {
    return new MapType(keyName, keyCheck, value);
  }

  /** Returns the type of the values. */
  public Type value() {
    return value;
  }

  @Override
  public @Nullable Object read(Value from, String path, Problems problems) {
    if (!(from instanceof Value.Mapping)) {
      return mismatch(from, path, problems);
    }
    Map<String, Object> result = new LinkedHashMap<>();
    for (Value.Entry entry : ((Value.Mapping) from).entries.values()) {
      if (problems.full()) {
        break;
      }
      String key = entry.key.text;
      String below = path + "." + key;
      String problem = keyCheck.problem(key);
      if (problem == null && entry.key.plain && Scalars.isBooleanWord(key)) {
        problem = "is a boolean in YAML; put the key in quotes";
      }
      if (problem != null) {
        problems.invalid(entry.key.mark(), below, keyName + " " + problem);
      }
      Object read = value.read(entry.value, below, problems);
      if (read != null) {
        result.put(key, read);
      }
    }
    return result;
  }

  @Override
  public String describe() {
    return "an object by " + keyName;
  }
}
