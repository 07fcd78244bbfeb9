package dev.weft.it.rig;

import dev.weft.it.agent.SecondAgent;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.jar.Attributes;
import java.util.jar.JarOutputStream;
import java.util.jar.Manifest;
import java.util.zip.ZipEntry;
import org.objectweb.asm.ClassReader;

/** {@link SecondAgent} as a jar for {@code -javaagent}. */
final class SecondAgentJar {
  private SecondAgentJar() {}

  static Path make() {
    Path jar = Rig.newDirectory("second-agent").resolve("second-agent.jar");
    Manifest manifest = new Manifest();
    Attributes main = manifest.getMainAttributes();
    main.put(Attributes.Name.MANIFEST_VERSION, "1.0");
    main.put(Attributes.Name.CLASS_PATH, location(ClassReader.class));
    main.putValue("Premain-Class", SecondAgent.class.getName());
    main.putValue("Can-Retransform-Classes", "true");
    String file = SecondAgent.class.getName().replace('.', '/') + ".class";
    try (JarOutputStream out = new JarOutputStream(Files.newOutputStream(jar), manifest);
        InputStream in = SecondAgent.class.getResourceAsStream("/" + file)) {
      out.putNextEntry(new ZipEntry(file));
      in.transferTo(out);
      return jar;
    } catch (IOException e) {
      throw new IllegalStateException("cannot make " + jar, e);
    }
  }

  private static String location(Class<?> type) {
    return type.getProtectionDomain().getCodeSource().getLocation().toString();
  }
}
