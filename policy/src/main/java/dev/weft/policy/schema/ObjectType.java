package dev.weft.policy.schema;

import dev.weft.policy.document.Problems;
import dev.weft.policy.document.Value;
import java.util.ArrayList;
import java.util.Collection;
import java.util.Collections;
import java.util.HashSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * An object with a fixed set of fields: each in force, refused by name, or accepted with a warning.
 *
 * <p>Immutable once {@link Builder#build} returned it.
 */
public final class ObjectType extends Type {
  private final String name;
  private final Map<String, Field> fields;
  private final List<Rule> rules;
  private final Set<String> nullable;

  private ObjectType(Builder builder) {
    this.name = builder.name;
    this.nullable = Collections.unmodifiableSet(new HashSet<>(builder.nullable));
    this.fields = Collections.unmodifiableMap(new LinkedHashMap<>(builder.fields));
    this.rules = Collections.unmodifiableList(new ArrayList<>(builder.rules));
  }

  /** Returns a builder of a type; {@code name} says what the object is. */
  public static Builder of(String name) {
    return new Builder(name);
  }

  /** Returns the fields in the order of the table. */
  public Collection<Field> fields() {
    return fields.values();
  }

  @Override
  public @Nullable Object read(Value value, String path, Problems problems) {
    if (!(value instanceof Value.Mapping)) {
      return mismatch(value, path, problems);
    }
    Value.Mapping mapping = withoutNulls((Value.Mapping) value);
    Map<String, Object> result = new LinkedHashMap<>();
    for (Value.Entry entry : mapping.entries.values()) {
      if (problems.full()) {
        return null;
      }
      Object read = readField(entry, path, problems);
      if (read != null) {
        result.put(entry.key.text, read);
      }
    }
    for (Field field : fields.values()) {
      if (field.required && !mapping.entries.containsKey(field.name)) {
        problems.invalid(
            mapping.mark(), join(path, field.name), "is required: " + field.type.describe());
      }
    }
    ObjectView view = new ObjectView(mapping, path, problems);
    for (Rule rule : rules) {
      rule.check(view);
    }
    return result;
  }

  private Value.Mapping withoutNulls(Value.Mapping mapping) {
    List<String> nulls = new ArrayList<>();
    for (String field : nullable) {
      Value.Entry entry = mapping.entries.get(field);
      if (entry != null && isNull(entry.value)) {
        nulls.add(field);
      }
    }
    return nulls.isEmpty() ? mapping : mapping.without(nulls);
  }

  private @Nullable Object readField(Value.Entry entry, String path, Problems problems) {
    String key = entry.key.text;
    String below = join(path, key);
    Field field = fields.get(key);
    if (field == null) {
      problems.invalid(entry.key.mark(), below, unknown(key));
      return null;
    }
    if (field.refusal != null) {
      problems.notInForce(entry.key.mark(), below, field.refusal);
      return null;
    }
    if (field.noEffect != null) {
      problems.withoutEffect(entry.key.mark(), below, field.noEffect);
    }
    return field.type.read(entry.value, below, problems);
  }

  private String unknown(String key) {
    String nearest = Nearest.to(key, fields.keySet());
    if (nearest != null) {
      return "is not a field of " + name + "; did you mean " + nearest + "?";
    }
    return "is not a field of "
        + name
        + (fields.size() <= 12 ? "; it has " + String.join(", ", fields.keySet()) : "");
  }

  @Override
  public String describe() {
    return "an object";
  }

  static String join(String path, String name) {
    return path.isEmpty() ? name : path + "." + name;
  }

  /** One row of the table. Immutable. */
  public static final class Field {
    /** Name as in YAML. */
    public final String name;

    /** Type of the value; for a refused field, any. */
    public final Type type;

    /** Whether the field must be there. */
    public final boolean required;

    /** What is not in force, or null when the field is. */
    public final @Nullable String refusal;

    /** Why nothing comes of the field, which is accepted with a warning; null when it counts. */
    public final @Nullable String noEffect;

    private Field(
        String name,
        Type type,
        boolean required,
        @Nullable String refusal,
        @Nullable String noEffect) {
      this.name = name;
      this.type = type;
      this.required = required;
      this.refusal = refusal;
      this.noEffect = noEffect;
    }
  }

  /** A condition that spans fields. */
  @FunctionalInterface
  public interface Rule {
    /** Adds problems through the view; values of a wrong type have been reported already. */
    void check(ObjectView object);
  }

  /** Collects the table; not thread-safe. */
  public static final class Builder {
    private final String name;
    private final Map<String, Field> fields = new LinkedHashMap<>();
    private final List<Rule> rules = new ArrayList<>();
    private final Set<String> nullable = new HashSet<>();

    private Builder(String name) {
      this.name = name;
    }

    /** Adds a field that is in force. */
    public Builder field(String field, Type type) {
      return add(new Field(field, type, false, null, null));
    }

    /** Adds a field that is in force and must be there. */
    public Builder required(String field, Type type) {
      return add(new Field(field, type, true, null, null));
    }

    /** Adds a field that Istio has and Weft does not carry out yet; {@code what} names it. */
    public Builder refused(String field, String what) {
      return add(new Field(field, Scalars.text(), false, what, null));
    }

    /**
     * Adds a field that is accepted with a warning, since it has no meaning without a proxy. Its
     * value must be right, and is kept as written.
     *
     * @param why completes "has no effect: "
     */
    public Builder withoutEffect(String field, Type type, String why) {
      return add(new Field(field, type, false, null, why));
    }

    /** Says of which fields a null is the same as their absence ({@code nullable} in a CRD). */
    public Builder nullable(String... names) {
      for (String field : names) {
        if (!fields.containsKey(field)) {
          throw new IllegalStateException(name + " has no field " + field);
        }
        nullable.add(field);
      }
      return this;
    }

    /** Adds a condition that spans fields. */
    public Builder rule(Rule rule) {
      rules.add(rule);
      return this;
    }

    private Builder add(Field field) {
      if (fields.put(field.name, field) != null) {
        throw new IllegalStateException(name + " has the field " + field.name + " twice");
      }
      return this;
    }

    /** Returns the finished type. */
    public ObjectType build() {
      return new ObjectType(this);
    }
  }
}
