package dev.weft.instrumentation.testing.database;

import dev.weft.agent.extension.InstrumentationModule;
import dev.weft.instrumentation.testing.support.StatedLimits;
import java.sql.Connection;
import java.sql.DriverManager;
import java.sql.SQLException;
import java.util.List;
import java.util.Properties;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.MethodOrderer.OrderAnnotation;
import org.junit.jupiter.api.TestInstance;
import org.junit.jupiter.api.TestInstance.Lifecycle;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * What every JDBC driver must do under the mesh, below every pool, theme by theme. The pool has an
 * open connection before the driver is woven, as when the agent is attached to a running
 * application.
 */
@TestInstance(Lifecycle.PER_CLASS)
@TestMethodOrder(OrderAnnotation.class)
@ExtendWith(StatedLimits.class)
@Timeout(60)
public abstract class DatabaseContract
    implements WeavingCases,
        StatementCases,
        GuardCases,
        LimitCases,
        ConnectCases,
        BreakerCases,
        DatabaseDefectCases {
  private final DatabaseRig rig = new DatabaseRig(this);

  /** The database, started; the contract closes it. */
  protected abstract DatabaseUnderTest newDatabase() throws Exception;

  /** Where connections come from. */
  protected abstract PoolUnderTest.Maker pools();

  /** The instrumentations under test. */
  protected abstract List<InstrumentationModule> modules();

  /** Binary names of the hooks without which no statement runs, or no connection is opened. */
  protected abstract List<String> enforcingHooks();

  /** Binary names of the hooks whose defects change nothing. */
  protected abstract List<String> observingHooks();

  /** Opens a connection past every pool; a driver that is not the class path's is asked itself. */
  protected Connection open(String url, Properties info) throws SQLException {
    return DriverManager.getConnection(url, info);
  }

  @Override
  public final DatabaseRig rig() {
    return rig;
  }

  /** The mesh that this JVM is in. */
  protected final DatabaseMesh mesh() {
    return rig.mesh();
  }

  /** The database under test. */
  protected final DatabaseUnderTest database() {
    return rig.database();
  }

  /** The pool under test. */
  protected final PoolUnderTest pool() {
    return rig.pool();
  }

  /** A pool of its own, empty. */
  protected final PoolUnderTest newPool(String url, int size) throws Exception {
    return rig.newPool(url, size);
  }

  /** A connection past every pool. */
  protected final Connection direct(String url) throws SQLException {
    return rig.direct(url);
  }

  /** Executes a statement on a connection of the pool. */
  protected final void execute(String sql) throws SQLException {
    rig.execute(sql);
  }

  /** Rows of the table, asked past every policy. */
  protected final int rows() throws SQLException {
    return rig.rows();
  }

  @BeforeAll
  final void weave() throws Exception {
    rig.weave();
  }

  @AfterAll
  final void unweave() throws Exception {
    rig.unweave();
  }

  @BeforeEach
  final void empty() throws Exception {
    rig.empty();
  }

  @AfterEach
  final void mend() {
    rig.mend();
  }
}
