package dev.weft.it.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/** Classes that a first run of the probe application leaves for later ones. */
public enum Archive {
  /**
   * On an archive of the JDK's classes that was made with the module of an agent. The JVM makes no
   * archive of an application beside an agent.
   */
  CLASS_DATA_SHARING(
      false,
      List.of("--add-modules=java.instrument"),
      "-XX:ArchiveClassesAtExit=",
      "-XX:SharedArchiveFile="),
  /** The same on the archive that the JDK brings. */
  CLASS_DATA_SHARING_ON_SHIPPED(
      false, List.of(), "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),
  /** Without the classes that are woven, which the JVM leaves out. */
  AOT_CACHE_WITH_AGENT(true, List.of(), "-XX:AOTCacheOutput=", "-XX:AOTCache="),
  /** With them; the JVM loads them before the agent, which reweaves them. */
  AOT_CACHE_WITHOUT_AGENT(
      false, List.of("--add-modules=java.instrument"), "-XX:AOTCacheOutput=", "-XX:AOTCache="),
  /** An agent adds a module, and the JVM takes no cache of other modules. */
  AOT_CACHE_OF_OTHER_MODULES(false, List.of(), "-XX:AOTCacheOutput=", "-XX:AOTCache=");

  private final boolean agent;
  private final List<String> modules;
  private final String make;
  private final String use;

  Archive(boolean agent, List<String> modules, String make, String use) {
    this.agent = agent;
    this.modules = modules;
    this.make = make;
    this.use = use;
  }

  /** Makes one, and tells the option that has it used. */
  public String made(Jdk jdk) {
    Path directory = Rig.newDirectory("archive");
    Path file = directory.resolve("classes.archive");
    App.Builder first = App.of("first").jdk(jdk).jvm(make + file);
    modules.forEach(first::jvm);
    if (this == CLASS_DATA_SHARING) {
      first.jvm(use + ofTheJdk(jdk, directory));
    }
    try (ControlServer control = ControlServer.start();
        App run = (agent ? first.mesh(control, "first") : first).start()) {
      run.call("apache", "http://127.0.0.1:" + run.port() + "/x");
      run.process().stop(Duration.ofSeconds(120));
    }
    if (!Files.exists(file)) {
      throw new IllegalStateException("the first run left no " + file);
    }
    return use + file;
  }

  /** An archive of the JDK's classes, as the JDK brings one, with {@link #modules}. */
  private Path ofTheJdk(Jdk jdk, Path directory) {
    Path file = directory.resolve("jdk.archive");
    List<String> command = new ArrayList<>(List.of(jdk.tool("java"), "-Xshare:dump", use + file));
    command.addAll(modules);
    try (Forked dump = Forked.start("dump", directory, command, Map.of())) {
      if (dump.exitCode(Duration.ofSeconds(120)) != 0) {
        throw new IllegalStateException("no archive of the JDK's classes: " + dump.output());
      }
    }
    return file;
  }
}
