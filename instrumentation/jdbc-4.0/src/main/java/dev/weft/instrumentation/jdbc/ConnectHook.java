package dev.weft.instrumentation.jdbc;

import static java.util.Objects.requireNonNull;

import dev.weft.agent.extension.HookContext;
import dev.weft.agent.extension.MeshHook;
import dev.weft.bootstrap.CallDepth;
import dev.weft.bootstrap.Permit;
import java.sql.Driver;
import java.util.Properties;
import org.jspecify.annotations.Nullable;

/** Hands the outermost connect of a driver to the mesh, when a policy holds for its database. */
public final class ConnectHook extends MeshHook {
  /** For the hook loader. */
  public ConnectHook(HookContext context) {
    super(context);
  }

  @Override
  public @Nullable Object enter(
      @Nullable Object self, @Nullable Object url, @Nullable Object info, @Nullable Object none) {
    if (url == null
        || context().dataPlane().databases().isIdle()
        || CallDepth.depth(Sessions.INSIDE) > 0) {
      return Permit.GRANTED;
    }
    Driver driver = (Driver) requireNonNull(self);
    Dialect dialect = Dialect.of(driver.getClass());
    String text = (String) url;
    // The driver manager asks every driver for every URL: most are not this driver's.
    if (dialect == null || !dialect.takes(text)) {
      return Permit.GRANTED;
    }
    Properties properties = info == null ? new Properties() : (Properties) info;
    JdbcUrl parsed = JdbcUrl.of(dialect, text);
    return Opening.drive(
        context(),
        parsed.address(properties),
        Opening.readOnly(dialect, text, properties),
        new DriverPlan(
            context().dataPlane().transport(), driver, dialect, text, parsed, properties));
  }
}
