package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.bootstrap.CallDepth;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.sql.SQLNonTransientException;
import java.util.List;
import org.junit.jupiter.api.Test;

/** What is woven, and what is left alone. */
@SuppressWarnings("try") // a scope is there to be closed
interface WeavingCases extends DatabaseCases {
  @Test
  default void everyClassIsWoven() throws Exception {
    rig().mesh().govern(p -> p);
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rig().harness().report())
        .filteredOn(e -> !e.state().equals("not-seen"))
        .isNotEmpty()
        .allSatisfy(e -> assertThat(e.state()).as(e.toString()).isEqualTo("applied"));
    // Some drivers do not say their version in any file of their own.
    assertThat(rig().harness().unstatedVersions())
        .allMatch(version -> version.endsWith(" at unknown"));
  }

  @Test
  default void withoutPolicyNothingIsTouched() throws Exception {
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rig().rows()).isEqualTo(1);
    assertThat(rig().mesh().seen()).isEmpty();
  }

  @Test
  default void policyForAnotherDatabaseTouchesNothing() throws Exception {
    rig().mesh().govern(p -> p.urls(List.of("jdbc:other:*")).statements(DatabaseCases.readOnly()));
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rig().mesh().seen()).isEmpty();
  }

  @Test
  default void policyMatchesByHostAndPort() throws Exception {
    rig()
        .mesh()
        .govern(
            p ->
                p.urls(List.of())
                    .hosts(List.of("127.0.0.1:" + rig().database().port()))
                    .statements(DatabaseCases.readOnly()));
    DatabaseCases.refuses(
        SQLNonTransientException.class, () -> rig().execute("INSERT INTO ITEM VALUES (1, 'a')"));
  }

  @Test
  default void callsOfTheAgentItselfAreItsOwn() throws Exception {
    rig().mesh().govern(p -> p.statements(DatabaseCases.readOnly()));
    try (CallDepth.Scope own = CallDepth.agentTraffic()) {
      rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    }
    assertThat(rig().mesh().seen()).isEmpty();
  }

  @Test
  default void urlOfAnotherDriverIsLeftToIt() {
    rig().mesh().govern(p -> p);
    assertThatThrownBy(() -> DriverManager.getConnection("jdbc:nobody://127.0.0.1/x"))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("No suitable driver");
    assertThat(rig().mesh().seen()).isEmpty();
  }
}
