package dev.weft.it.rig;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.function.UnaryOperator;

/**
 * Something about a JVM that an agent may stumble over.
 *
 * @param name what the test's report calls it
 * @param jdk the JDK it is about
 * @param shop what it means for the process of {@code shop}
 * @param orders what it means for the process of {@code orders}
 * @param root path of the application in its container
 * @param prints regular expressions of the lines that the JVM or the neighbour prints by itself
 * @param upheaval a regular expression of a line after which all must still be as before; or null
 */
public record Surroundings(
    String name,
    Jdk jdk,
    UnaryOperator<App.Builder> shop,
    UnaryOperator<App.Builder> orders,
    String root,
    List<String> prints,
    String upheaval) {

  /** The same JVM options on both sides. */
  public static Surroundings options(String name, Jdk jdk, String... options) {
    UnaryOperator<App.Builder> both = app -> with(app, options);
    return new Surroundings(name, jdk, both, both, "", List.of(), null);
  }

  /** JVM options for {@code shop}, and others for {@code orders}. */
  public static Surroundings options(String name, Jdk jdk, List<String> shop, List<String> orders) {
    return new Surroundings(
        name,
        jdk,
        app -> with(app, shop.toArray(String[]::new)),
        app -> with(app, orders.toArray(String[]::new)),
        "",
        List.of(),
        null);
  }

  /** Somebody else's agent: before ours on the one command line, after ours on the other. */
  public static Surroundings secondAgent(Jdk jdk, String done) {
    String option = "-javaagent:" + SecondAgentJar.make();
    return new Surroundings(
        "a second agent",
        jdk,
        app -> app.jvm(option),
        app -> app.jvmAfterAgent(option),
        "",
        List.of(done),
        done);
  }

  /**
   * A security manager that allows the container and the agent everything and the web application
   * what it needs: from the start on the one side, set by {@code main} on the other.
   */
  public static Surroundings securityManager(Jdk jdk) {
    return new Surroundings(
        "a security manager",
        jdk,
        app -> guarded(app, "").jvm("-Djava.security.manager"),
        app -> guarded(app, "security-manager").jvm("-Djava.security.manager=allow"),
        "/app",
        List.of(
            "WARNING: .*[Ss]ecurity ?[Mm]anager.*",
            "WARNING: A terminally deprecated method in java.lang.System has been called",
            "WARNING: Please consider reporting this to the maintainers of probe.Redeployer"),
        null);
  }

  private static App.Builder guarded(App.Builder app, String how) {
    Path war = ProbeWar.exploded(Rig.newDirectory("war"), "probe", false);
    Path policy = war.resolveSibling(war.getFileName() + ".policy");
    try {
      Files.writeString(policy, policy(war));
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + policy, e);
    }
    return app.main("probe.Redeployer")
        .argument(war.toString())
        .argument(how)
        .jvm("--add-opens=java.base/java.lang=ALL-UNNAMED")
        .jvm("-Djava.security.policy==" + policy);
  }

  private static String policy(Path war) {
    return """
        grant codeBase "AGENT" { permission java.security.AllPermission; };
        grant codeBase "TOMCAT-" { permission java.security.AllPermission; };
        grant codeBase "PROBE" { permission java.security.AllPermission; };
        grant codeBase "APPLICATION-" {
          permission java.net.SocketPermission "orders:80", "connect,resolve";
          permission java.net.SocketPermission "shop:80", "connect,resolve";
          permission java.net.SocketPermission "127.0.0.1", "connect,resolve";
          permission java.net.URLPermission "http://orders/-", "*:*";
          permission java.net.URLPermission "http://shop/-", "*:*";
          permission java.net.NetPermission "specifyStreamHandler";
          permission java.util.PropertyPermission "java.version", "read";
          permission java.util.PropertyPermission "slf4j.internal.report.stream", "read";
          permission java.util.PropertyPermission "slf4j.internal.verbosity", "read";
          permission java.util.PropertyPermission "slf4j.provider", "read";
        };
        """
        .replace("AGENT", Rig.dist("mesh-agent.jar").toUri().toString())
        .replace("TOMCAT", Path.of(System.getProperty("weft.tomcats"), "9").toUri().toString())
        .replace("PROBE", Rig.probe(false).toUri().toString())
        .replace("APPLICATION", war.toUri().toString());
  }

  /** Classes that a first run left. */
  public static Surroundings archive(String name, Jdk jdk, Archive archive) {
    UnaryOperator<App.Builder> both = app -> app.jvm(archive.made(jdk));
    return new Surroundings(name, jdk, both, both, "", List.of(), null);
  }

  private static App.Builder with(App.Builder app, String... options) {
    for (String option : options) {
      app.jvm(option);
    }
    return app;
  }

  @Override
  public String toString() {
    return name + " on " + jdk;
  }
}
