package dev.weft.instrumentation.jdbc;

import dev.weft.instrumentation.testing.database.ServerUnderTest;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.condition.DisabledIf;

/** Mesh mTLS around the connection to a real MariaDB. */
@DisabledIf("dev.weft.instrumentation.jdbc.H2ContractTest#oldest")
class MariadbMeshTlsTest extends MeshTlsContract {
  @Override
  ServerUnderTest server() throws Exception {
    String missing = MariadbServer.missing();
    Assumptions.assumeTrue(missing == null, missing);
    return MariadbServer.start("jdbc:mariadb://%s/shop");
  }
}
