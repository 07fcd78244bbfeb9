package dev.weft.dataplane.snapshot;

import static org.assertj.core.api.Assertions.assertThat;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class AuthoritiesTest {
  @ParameterizedTest
  @CsvSource({
    "localhost, true",
    "LOCALHOST:80, true",
    "127.0.0.1, true",
    "127.1.2.3:8080, true",
    "[::1]:80, true",
    "user@127.0.0.1, true",
    "127.attacker.example, false",
    "127.0.0.1.attacker.example:80, false",
    "[::1].attacker.example, false",
    "[::12], false",
    "localhost.attacker.example, false",
    "orders, false",
  })
  void aNameThatBeginsLikeALoopbackAddressIsNone(String authority, boolean loopback) {
    assertThat(Authorities.isLoopback(authority)).isEqualTo(loopback);
  }
}
