package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.PostgresServer;
import dev.weft.instrumentation.testing.database.ServerUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.DisabledIf;

/** Mesh mTLS around the connection to a real PostgreSQL. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class PostgresMeshTlsTest extends MeshTlsContract {
  @Override
  ServerUnderTest server() throws Exception {
    String missing = PostgresServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    return PostgresServer.start();
  }
}
