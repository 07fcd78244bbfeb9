package dev.weft.policy;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import java.io.IOException;
import java.math.BigDecimal;
import java.math.BigInteger;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.Map;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class JsonTreeTest {
  private static Map<String, Object> read(String json) throws IOException {
    return JsonTree.STANDARD.read(json.getBytes(StandardCharsets.UTF_8));
  }

  @Test
  void everyTypeComesBackAsItWent() throws IOException {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("text", "a\"\\\u0001\u20ac\ud83d\ude00");
    tree.put("int", 7);
    tree.put("long", 1L << 40);
    tree.put("big", BigInteger.ONE.shiftLeft(80));
    tree.put("double", 0.25);
    tree.put("flag", true);
    tree.put("off", false);
    tree.put("list", Arrays.asList("a", null, Collections.singletonMap("b", Arrays.asList())));
    tree.put("empty", Collections.emptyMap());
    assertThat(JsonTree.STANDARD.read(JsonTree.STANDARD.bytes(tree))).isEqualTo(tree);
    assertThat(read(JsonTree.STANDARD.text(tree)).keySet())
        .containsExactlyElementsOf(tree.keySet());
  }

  @Test
  void fieldsThatAreNullAreNotWrittenAndAreReadAsNull() throws IOException {
    assertThat(JsonTree.STANDARD.text(Collections.singletonMap("a", null))).isEqualTo("{}");
    assertThat(read("{\"a\":null}")).containsEntry("a", null);
  }

  @Test
  void floatsAndDecimalsAreNumbers() {
    Map<String, Object> tree = new LinkedHashMap<>();
    tree.put("float", 0.5f);
    tree.put("decimal", new BigDecimal("1.50"));
    assertThat(JsonTree.STANDARD.text(tree)).isEqualTo("{\"float\":0.5,\"decimal\":1.50}");
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "",
        " ",
        "null",
        "[]",
        "7",
        "{",
        "{\"a\"",
        "{\"a\":",
        "{\"a\":[",
        "{\"a\":1,}",
        "{a:1}",
        "{\"a\":1} {}",
        "{\"a\":1}]",
        "{\"a\":1,\"a\":2}",
        "{\"a\":{\"b\":1,\"b\":1}}",
        "{\"a\":NaN}"
      })
  void whatIsNotOneObjectIsRefused(String json) {
    assertThatThrownBy(() -> read(json)).isInstanceOf(IOException.class);
  }

  @Test
  void limitsHold() throws IOException {
    JsonTree limited = JsonTree.limited(3, 5);
    byte[] fits = "{\"a\":{\"b\":[\"12345\"]}}".getBytes(StandardCharsets.UTF_8);
    assertThat(limited.read(fits)).containsKey("a");
    for (String json : new String[] {"{\"a\":{\"b\":[[]]}}", "{\"a\":\"123456\"}"}) {
      assertThatThrownBy(() -> limited.read(json.getBytes(StandardCharsets.UTF_8)))
          .as(json)
          .isInstanceOf(IOException.class);
    }
  }

  @Test
  void whatJsonCannotSayIsNotGuessed() {
    assertThatThrownBy(() -> JsonTree.STANDARD.bytes(Collections.singletonMap("a", new UUID(1, 2))))
        .isInstanceOf(IllegalArgumentException.class)
        .hasMessageContaining("java.util.UUID");
  }
}
