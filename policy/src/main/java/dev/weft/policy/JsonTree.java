package dev.weft.policy;

import com.fasterxml.jackson.core.JsonFactory;
import com.fasterxml.jackson.core.JsonGenerator;
import com.fasterxml.jackson.core.JsonParseException;
import com.fasterxml.jackson.core.JsonParser;
import com.fasterxml.jackson.core.JsonToken;
import com.fasterxml.jackson.core.StreamReadConstraints;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.StringWriter;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Reads and writes JSON as a tree of maps, lists, texts, numbers and flags, by Jackson's streams
 * alone: an object mapper, however small, is a class load for every shape it could map, in an
 * application that is starting. Immutable and thread-safe.
 */
public final class JsonTree {
  /** Texts of up to 20 MB, 1,000 levels: Jackson's own limits. */
  public static final JsonTree STANDARD = new JsonTree(new JsonFactory());

  private final JsonFactory factory;

  private JsonTree(JsonFactory factory) {
    this.factory = factory;
  }

  /** One that refuses documents with more levels, or longer texts (in characters), when reading. */
  public static JsonTree limited(int levels, int textLength) {
    return new JsonTree(
        JsonFactory.builder()
            .streamReadConstraints(
                StreamReadConstraints.builder()
                    .maxNestingDepth(levels)
                    .maxStringLength(textLength)
                    .build())
            .build());
  }

  /**
   * The object that {@code json} holds, its fields in their order.
   *
   * @throws IOException when it is not JSON, is not one object, or has a field twice
   */
  public Map<String, Object> read(byte[] json) throws IOException {
    try (JsonParser parser = factory.createParser(json)) {
      if (parser.nextToken() != JsonToken.START_OBJECT) {
        throw new JsonParseException(parser, "an object is expected");
      }
      Map<String, Object> object = object(parser);
      if (parser.nextToken() != null) {
        throw new JsonParseException(parser, "something follows the object");
      }
      return object;
    }
  }

  /**
   * {@code tree} in UTF-8. Fields that are null are left out.
   *
   * @throws IllegalArgumentException when something in it is none of the types of this class
   */
  public byte[] bytes(Map<String, ?> tree) {
    ByteArrayOutputStream bytes = new ByteArrayOutputStream(1024);
    try (JsonGenerator generator = factory.createGenerator(bytes)) {
      write(generator, tree);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return bytes.toByteArray();
  }

  /** The same as a text. */
  public String text(Map<String, ?> tree) {
    StringWriter text = new StringWriter();
    try (JsonGenerator generator = factory.createGenerator(text)) {
      write(generator, tree);
    } catch (IOException e) {
      throw new IllegalStateException("memory cannot be written", e);
    }
    return text.toString();
  }

  private static Map<String, Object> object(JsonParser parser) throws IOException {
    Map<String, Object> object = new LinkedHashMap<>();
    for (String name = parser.nextFieldName(); name != null; name = parser.nextFieldName()) {
      parser.nextToken();
      if (object.containsKey(name)) {
        throw new JsonParseException(parser, "the field " + name + " is there twice");
      }
      put(object, name, value(parser));
    }
    return object;
  }

  @SuppressWarnings("NullAway") // JSON has null; whoever reads a field checks for it
  private static void put(Map<String, Object> object, String name, @Nullable Object value) {
    object.put(name, value);
  }

  private static List<@Nullable Object> list(JsonParser parser) throws IOException {
    List<@Nullable Object> list = new ArrayList<>();
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      list.add(value(parser));
    }
    return list;
  }

  private static @Nullable Object value(JsonParser parser) throws IOException {
    JsonToken token = parser.currentToken();
    if (token == null) {
      throw new JsonParseException(parser, "the text ends too early");
    }
    switch (token) {
      case START_OBJECT:
        return object(parser);
      case START_ARRAY:
        return list(parser);
      case VALUE_STRING:
        return parser.getText();
      case VALUE_NUMBER_INT:
      case VALUE_NUMBER_FLOAT:
        return parser.getNumberValue();
      case VALUE_TRUE:
        return true;
      case VALUE_FALSE:
        return false;
      case VALUE_NULL:
        return null;
      default:
        throw new JsonParseException(parser, "a value is expected");
    }
  }

  private static void write(JsonGenerator generator, @Nullable Object value) throws IOException {
    if (value == null) {
      generator.writeNull();
    } else if (value instanceof String) {
      generator.writeString((String) value);
    } else if (value instanceof Map) {
      generator.writeStartObject();
      for (Map.Entry<?, ?> field : ((Map<?, ?>) value).entrySet()) {
        if (field.getValue() != null) {
          generator.writeFieldName(String.valueOf(field.getKey()));
          write(generator, field.getValue());
        }
      }
      generator.writeEndObject();
    } else if (value instanceof Iterable) {
      generator.writeStartArray();
      for (Object element : (Iterable<?>) value) {
        write(generator, element);
      }
      generator.writeEndArray();
    } else if (value instanceof Boolean) {
      generator.writeBoolean((Boolean) value);
    } else if (value instanceof Number) {
      number(generator, (Number) value);
    } else {
      throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
    }
  }

  private static void number(JsonGenerator generator, Number value) throws IOException {
    if (value instanceof Integer || value instanceof Long) {
      generator.writeNumber(value.longValue());
    } else if (value instanceof Double || value instanceof Float) {
      generator.writeNumber(value.doubleValue());
    } else if (value instanceof BigInteger) {
      generator.writeNumber((BigInteger) value);
    } else if (value instanceof BigDecimal) {
      generator.writeNumber((BigDecimal) value);
    } else {
      throw new IllegalArgumentException("JSON has no " + value.getClass().getName());
    }
  }
}
