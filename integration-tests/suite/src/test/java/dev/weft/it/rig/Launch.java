package dev.weft.it.rig;

import dev.weft.it.rig.Distribution.Product;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;

/** How a kind of container is configured and started, as its manual says. */
enum Launch {
  TOMCAT {
    @Override
    Forked start(Product product, Path directory, int port, List<String> options)
        throws IOException {
      Path base = directory.resolve("base");
      copy(product.home().resolve("conf"), base.resolve("conf"));
      Path server = base.resolve("conf/server.xml");
      Files.writeString(
          server,
          Files.readString(server)
              .replace("port=\"8080\"", "port=\"" + port + "\" address=\"127.0.0.1\"")
              .replace("port=\"8005\"", "port=\"-1\""));
      for (String folder : List.of("webapps", "logs", "temp", "work")) {
        Files.createDirectories(base.resolve(folder));
      }
      deploy(product, base.resolve("webapps"));
      Map<String, String> environment =
          Map.of(
              "JAVA_HOME", Jdk.current().home().toString(),
              "CATALINA_HOME", product.home().toString(),
              "CATALINA_BASE", base.toString(),
              "CATALINA_OPTS", MEMORY + " " + String.join(" ", options));
      return up(
          product,
          directory,
          script(product, "bin/catalina.sh", "run"),
          environment,
          "Server startup in");
    }
  },
  JETTY {
    @Override
    Forked start(Product product, Path directory, int port, List<String> options)
        throws IOException {
      Path base = Files.createDirectories(directory.resolve("base"));
      Path home = product.home();
      List<String> java = List.of(Jdk.current().tool("java"));
      List<String> jar =
          List.of("-jar", home.resolve("start.jar").toString(), "jetty.base=" + base);
      String modules = product.jakarta() ? "http,ee10-deploy" : "http,deploy";
      String add = product.jakarta() ? "--add-modules=" : "--add-to-start=";
      List<String> configure = join(java, jar, List.of(add + modules, "--create-startd"));
      Forked configured = Forked.start(product + " base", directory, configure, Map.of());
      if (configured.exitCode(Duration.ofSeconds(60)) != 0) {
        throw new IOException(configured.output());
      }
      deploy(product, Files.createDirectories(base.resolve("webapps")));
      List<String> address = List.of("jetty.http.host=127.0.0.1", "jetty.http.port=" + port);
      List<String> command = join(java, List.of(MEMORY), options, jar, address);
      return up(product, directory, command, Map.of(), "Server:main: Started ");
    }
  },
  WILDFLY {
    @Override
    Forked start(Product product, Path directory, int port, List<String> options)
        throws IOException {
      Path base = directory.resolve("standalone");
      copy(product.home().resolve("standalone"), base);
      deploy(product, base.resolve("deployments"));
      List<String> command = new ArrayList<>(script(product, "bin/standalone.sh"));
      command.add("-Djboss.server.base.dir=" + base);
      command.add("-Djboss.http.port=" + port);
      for (String other : List.of("https", "management.http", "management.https")) {
        command.add("-Djboss." + other + ".port=" + FreePort.next());
      }
      Map<String, String> environment =
          Map.of(
              "JAVA_HOME", Jdk.current().home().toString(),
              "JBOSS_HOME", product.home().toString(),
              "PREPEND_JAVA_OPTS", String.join(" ", options));
      return up(product, directory, command, environment, "WFLYSRV0025: .* started in");
    }
  },
  LIBERTY {
    @Override
    Forked start(Product product, Path directory, int port, List<String> options)
        throws IOException {
      Path server = directory.resolve("usr/servers/weft");
      deploy(product, Files.createDirectories(server.resolve("apps")));
      Files.writeString(
          server.resolve("server.xml"),
          """
          <server>
            <featureManager><feature>servlet-6.0</feature></featureManager>
            <httpEndpoint id="defaultHttpEndpoint" host="127.0.0.1" httpPort="PORT" httpsPort="-1"/>
            <webApplication location="app.war" contextRoot="/app"/>
          </server>
          """
              .replace("PORT", String.valueOf(port)));
      List<String> lines = join(List.of(MEMORY), options);
      Files.write(server.resolve("jvm.options"), lines);
      Map<String, String> environment =
          Map.of(
              "JAVA_HOME", Jdk.current().home().toString(),
              "WLP_USER_DIR", directory.resolve("usr").toString());
      List<String> command = script(product, "bin/server", "run", "weft");
      // It is ready without an application that takes longer than half a minute.
      Forked process = up(product, directory, command, environment, "CWWKF0011I");
      process.await("CWWKZ0001I: Application app started", PATIENCE);
      return process;
    }
  },
  PAYARA_MICRO {
    @Override
    Forked start(Product product, Path directory, int port, List<String> options)
        throws IOException {
      Path war = deploy(product, directory);
      List<String> command =
          join(
              List.of(Jdk.current().tool("java"), "-Xmx384m"),
              options,
              List.of("-jar", product.home().toString(), "--nocluster", "--disablephonehome"),
              List.of("--deploy", war.toString(), "--contextroot", "app"),
              List.of("--port", String.valueOf(port), "--rootdir", directory + "/root"));
      return up(product, directory, command, Map.of(), "Payara Micro .* ready in");
    }
  };

  private static final String MEMORY = "-Xmx256m";
  private static final Duration PATIENCE = Duration.ofSeconds(180);

  /** Starts it and waits until it says that it is up. */
  abstract Forked start(Product product, Path directory, int port, List<String> options)
      throws IOException;

  private static Forked up(
      Product product,
      Path directory,
      List<String> command,
      Map<String, String> environment,
      String message) {
    Forked process = Forked.start(product.name(), directory, command, environment);
    process.await(message, PATIENCE);
    return process;
  }

  private static Path deploy(Product product, Path folder) {
    return ProbeWar.file(folder, "app.war", "legacy", product.jakarta());
  }

  private static List<String> script(Product product, String script, String... arguments) {
    return join(List.of("bash", product.home().resolve(script).toString()), List.of(arguments));
  }

  @SafeVarargs
  private static List<String> join(List<String>... parts) {
    List<String> all = new ArrayList<>();
    for (List<String> part : parts) {
      all.addAll(part);
    }
    return all;
  }

  private static void copy(Path from, Path to) throws IOException {
    try (Stream<Path> files = Files.walk(from)) {
      for (Path file : files.toList()) {
        Path target = to.resolve(from.relativize(file).toString());
        if (Files.isDirectory(file)) {
          Files.createDirectories(target);
        } else {
          Files.copy(file, target);
        }
      }
    }
  }
}
