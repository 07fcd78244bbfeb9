package dev.weft.instrumentation.recognised;

import dev.weft.agent.extension.AdviceBinding;
import dev.weft.agent.extension.Library;
import dev.weft.agent.extension.TypeInstrumentation;
import java.util.Arrays;
import java.util.List;

/**
 * Payara and GlassFish: Tomcat's container of long ago on the transport of Grizzly. Its classes
 * have the names of Tomcat's, so without this it would be reported as a Tomcat of another shape.
 */
public final class PayaraModule extends RecognisedServer {
  /** Asked for each request, also where the valves of engine and host are passed over. */
  private static final String ADAPTER = "org.apache.catalina.connector.CoyoteAdapter";

  /** For the service loader. */
  public PayaraModule() {
    super(
        "payara",
        Library.named("Payara")
            .versionFrom(
                "META-INF/maven/fish.payara.server.internal.web/web-core/pom.properties", "version")
            .requires(
                ADAPTER,
                "service(Lorg/glassfish/grizzly/http/server/Request;"
                    + "Lorg/glassfish/grizzly/http/server/Response;)V")
            .notWoven(REASON)
            .build());
  }

  @Override
  public List<TypeInstrumentation> types() {
    return Arrays.asList(
        TypeInstrumentation.showing("org.apache.catalina.connector.Request"),
        TypeInstrumentation.showing("org.apache.catalina.core.StandardEngineValve"),
        TypeInstrumentation.of(ADAPTER, AdviceBinding.closing("service", AdviceBinding.ANY)));
  }
}
