package dev.weft.instrumentation.testing.database;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.policy.snapshot.DatabaseTls;
import java.sql.Connection;
import java.sql.PreparedStatement;
import java.sql.SQLException;
import java.sql.Statement;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.MethodSource;

/** What cannot be secured is refused; what merely looks on may break. */
interface DatabaseDefectCases extends DatabaseCases {
  @ParameterizedTest
  @EnumSource(value = DatabaseTls.class, names = "NONE", mode = EnumSource.Mode.EXCLUDE)
  default void tlsWithoutIdentityIsRefused(DatabaseTls mode) {
    assertThat(rig().mesh().dataPlane().transport().ready()).isFalse();
    rig().mesh().govern(p -> p.tls(mode));
    assertThatThrownBy(() -> rig().direct(rig().database().url()))
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("identity");
  }

  @ParameterizedTest
  @MethodSource("enforcingHooks")
  default void defectOfAnEnforcingHookRefuses(String hook) throws Exception {
    rig().mesh().govern(p -> p);
    rig().harness().breakHook(hook);
    assertThatThrownBy(
            () -> {
              try (Connection connection = rig().direct(rig().database().url());
                  Statement statement = connection.createStatement()) {
                statement.execute("INSERT INTO ITEM VALUES (1, 'a')");
              }
            })
        .isInstanceOf(SQLException.class)
        .hasMessageContaining("service mesh");
    rig().harness().breakHook(null);
    assertThat(rig().rows()).isZero();
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
  }

  @ParameterizedTest
  @MethodSource("observingHooks")
  default void defectOfAnObservingHookChangesNothing(String hook) throws Exception {
    rig().mesh().govern(p -> p);
    rig().harness().breakHook(hook);
    try (Connection connection = rig().direct(rig().database().url());
        PreparedStatement insert =
            connection.prepareStatement("INSERT INTO ITEM VALUES (?, 'a')")) {
      insert.setInt(1, 1);
      insert.addBatch();
      insert.executeBatch();
    }
    assertThat(rig().rows()).isEqualTo(1);
  }

  @Test
  default void defectOfTheObserverChangesNothing() throws Exception {
    rig().mesh().govern(p -> p);
    rig().mesh().breakObserver(new IllegalArgumentException("defect of an observer"));
    rig().direct(rig().database().url()).close();
    rig().execute("INSERT INTO ITEM VALUES (1, 'a')");
    assertThat(rig().rows()).isEqualTo(1);
  }
}
