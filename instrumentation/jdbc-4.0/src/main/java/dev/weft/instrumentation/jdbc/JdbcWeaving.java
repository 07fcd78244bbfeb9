package dev.weft.instrumentation.jdbc;

import static dev.weft.agent.extension.HandedValue.argument;
import static dev.weft.agent.extension.HandedValue.self;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.HandedValue;
import dev.weft.agent.extension.HookCall;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * What is woven in a driver's classes. The descriptors are those of {@code java.sql}, so that a
 * driver's internal overloads stay as they are; every binding is optional, because a class inherits
 * what it does not declare, and older ones lack what later JDBC brought.
 */
final class JdbcWeaving {
  private static final String PACKAGE = "dev.weft.instrumentation.jdbc.";
  private static final String STRING = "Ljava/lang/String;";
  private static final String CONNECTION = "Ljava/sql/Connection;";
  private static final HookCall CONNECT = opens("ConnectHook", self(), argument(0), argument(1));
  private static final String[] TEXTS = {
    "()",
    "(" + STRING + ")",
    "(" + STRING + "I)",
    "(" + STRING + "[I)",
    "(" + STRING + "[" + STRING + ")"
  };

  private JdbcWeaving() {}

  /** Classes that declare {@code connect(String, Properties)} of {@code java.sql.Driver}. */
  static TypeInstrumentation drivers(String... classNames) {
    String arguments = "(" + STRING + "Ljava/util/Properties;)";
    return TypeInstrumentation.of(
        Arrays.asList(classNames), bind("connect", arguments + CONNECTION, CONNECT));
  }

  /** A driver whose {@code connect} answers its own class; the method of the interface leads on. */
  static TypeInstrumentation driver(String className, String connectionClass) {
    return TypeInstrumentation.of(
        className,
        bind(
            "connect",
            "(" + STRING + "Ljava/util/Properties;)L" + connectionClass.replace('.', '/') + ";",
            CONNECT),
        bind("connect", "(" + STRING + "Ljava/util/Properties;)" + CONNECTION, CONNECT));
  }

  /** Data sources, no pools, that open connections past the driver. */
  static TypeInstrumentation dataSources(String... classNames) {
    return TypeInstrumentation.of(
        Arrays.asList(classNames),
        bind("getConnection", "()" + CONNECTION, opens("DataSourceHook", self())),
        bind(
            "getConnection",
            "(" + STRING + STRING + ")" + CONNECTION,
            opens("DataSourceHook", self(), argument(0), argument(1))));
  }

  /** Classes of statements of all three kinds. */
  static TypeInstrumentation statements(String... classNames) {
    List<AdviceBinding> bindings = new ArrayList<>();
    for (String text : TEXTS) {
      bindings.add(bind("execute", text + "Z", "StatementAdvice"));
      bindings.add(bind("executeUpdate", text + "I", "StatementAdvice"));
      bindings.add(bind("executeLargeUpdate", text + "J", "StatementAdvice"));
    }
    bindings.add(bind("executeQuery", "()Ljava/sql/ResultSet;", "StatementAdvice"));
    bindings.add(bind("executeQuery", "(" + STRING + ")Ljava/sql/ResultSet;", "StatementAdvice"));
    bindings.add(bind("executeBatch", "()[I", "StatementAdvice"));
    bindings.add(bind("executeLargeBatch", "()[J", "StatementAdvice"));
    for (String text : new String[] {"(" + STRING + ")V", "()V"}) {
      bindings.add(bind("addBatch", text, "BatchAdvice"));
      bindings.add(bind("addBatch", text, "InternalAdvice"));
    }
    bindings.add(bind("clearBatch", "()V", "BatchAdvice"));
    bindings.add(bind("cancel", "()V", "InternalAdvice"));
    return TypeInstrumentation.of(
        Arrays.asList(classNames), bindings.toArray(new AdviceBinding[0]));
  }

  /** A thread of a driver that cancels statements by statements of its own. */
  static TypeInstrumentation canceller(String className) {
    return TypeInstrumentation.of(className, bind("run", "()V", "InternalAdvice"));
  }

  /** Where a driver makes its own TLS, and besides that what is given. */
  static List<TypeInstrumentation> withTls(Dialect dialect, TypeInstrumentation... others) {
    List<TypeInstrumentation> types = new ArrayList<>(Arrays.asList(others));
    for (TlsMaker maker : TlsMaker.of(dialect)) {
      types.add(
          TypeInstrumentation.of(
              maker.className, bind(maker.method, maker.descriptor, "TlsAdvice")));
    }
    return types;
  }

  /** Classes of connections. */
  static TypeInstrumentation connections(String... classNames) {
    List<AdviceBinding> bindings = new ArrayList<>();
    String prepared = "Ljava/sql/PreparedStatement;";
    for (String text : TEXTS) {
      bindings.add(bind("prepareStatement", text + prepared, "PrepareAdvice"));
    }
    for (String text : new String[] {"(" + STRING + "II)", "(" + STRING + "III)"}) {
      bindings.add(bind("prepareStatement", text + prepared, "PrepareAdvice"));
      bindings.add(bind("prepareCall", text + "Ljava/sql/CallableStatement;", "PrepareAdvice"));
    }
    String call = "(" + STRING + ")Ljava/sql/CallableStatement;";
    bindings.add(bind("prepareCall", call, "PrepareAdvice"));
    bindings.add(bind("isValid", "(I)Z", "InternalAdvice"));
    // Without a text of the application's; those with one (catalogs, schemas) are not let past.
    bindings.add(bind("getTransactionIsolation", "()I", "InternalAdvice"));
    bindings.add(bind("setTransactionIsolation", "(I)V", "InternalAdvice"));
    bindings.add(bind("isReadOnly", "()Z", "InternalAdvice"));
    bindings.add(bind("setReadOnly", "(Z)V", "InternalAdvice"));
    bindings.add(bind("getCatalog", "()" + STRING, "InternalAdvice"));
    bindings.add(bind("getSchema", "()" + STRING, "InternalAdvice"));
    bindings.add(bind("close", "()V", "CloseAdvice"));
    bindings.add(bind("abort", "(Ljava/util/concurrent/Executor;)V", "CloseAdvice"));
    return TypeInstrumentation.of(
        Arrays.asList(classNames), bindings.toArray(new AdviceBinding[0]));
  }

  private static HookCall opens(String hook, HandedValue... handed) {
    return HookCall.decides(PACKAGE + hook, handed).leavingBy(PACKAGE + "ConnectAdvice");
  }

  private static AdviceBinding bind(String method, String descriptor, HookCall call) {
    return AdviceBinding.of(method, descriptor, call).optional();
  }

  private static AdviceBinding bind(String method, String descriptor, String advice) {
    return AdviceBinding.of(method, descriptor, PACKAGE + advice).optional();
  }
}
