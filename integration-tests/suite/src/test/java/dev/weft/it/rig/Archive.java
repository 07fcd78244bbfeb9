package dev.weft.it.rig;

import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;

/** Classes that a first run of the probe application leaves for later ones. */
public enum Archive {
  /** The JVM makes no such archive beside an agent. */
  CLASS_DATA_SHARING(false, List.of(), "-XX:ArchiveClassesAtExit=", "-XX:SharedArchiveFile="),
  /** Without the classes that are woven, which the JVM leaves out. */
  AOT_CACHE_WITH_AGENT(true, List.of(), "-XX:AOTCacheOutput=", "-XX:AOTCache="),
  /** With them; the JVM loads them before the agent, which reweaves them. */
  AOT_CACHE_WITHOUT_AGENT(
      false, List.of("--add-modules=java.instrument"), "-XX:AOTCacheOutput=", "-XX:AOTCache="),
  /** An agent adds a module, and the JVM takes no cache of other modules. */
  AOT_CACHE_OF_OTHER_MODULES(false, List.of(), "-XX:AOTCacheOutput=", "-XX:AOTCache=");

  private final boolean agent;
  private final List<String> options;
  private final String make;
  private final String use;

  Archive(boolean agent, List<String> options, String make, String use) {
    this.agent = agent;
    this.options = options;
    this.make = make;
    this.use = use;
  }

  /** Makes one, and tells the option that has it used. */
  public String made(Jdk jdk) {
    Path file = Rig.newDirectory("archive").resolve("classes.archive");
    App.Builder first = App.of("first").jdk(jdk).jvm(make + file);
    options.forEach(first::jvm);
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
}
