package dev.weft.it.rig;

import dev.weft.agent.dist.BundleFile;
import dev.weft.instrumentation.InjectedFault;
import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.SortedMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipFile;
import java.util.zip.ZipOutputStream;
import org.objectweb.asm.ClassReader;
import org.objectweb.asm.ClassVisitor;
import org.objectweb.asm.ClassWriter;
import org.objectweb.asm.MethodVisitor;
import org.objectweb.asm.Opcodes;

/** The finished agent jar with a bug put into one hook. The product has no switch for this. */
public final class FaultyAgentJar {
  private static final String FAULT = InjectedFault.class.getName().replace('.', '/');

  private FaultyAgentJar() {}

  /**
   * A copy of the jar in which one method of a hook throws whenever it is called.
   *
   * @param hook binary name of the hook class
   * @param method {@code enter} or {@code exit}
   */
  public static Path with(String hook, String method) {
    Path jar = Rig.newDirectory("faulty-agent").resolve("mesh-agent.jar");
    String faulty = hook.replace('.', '/') + ".class";
    boolean[] found = new boolean[1];
    try (ZipFile in = new ZipFile(Rig.dist("mesh-agent.jar").toFile());
        ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar))) {
      for (var entries = in.entries(); entries.hasMoreElements(); ) {
        ZipEntry entry = entries.nextElement();
        byte[] file = in.getInputStream(entry).readAllBytes();
        if (entry.getName().equals(BundleFile.ENTRY)) {
          SortedMap<String, byte[]> files = BundleFile.read(file);
          files.computeIfPresent(faulty, (name, hookFile) -> broken(hookFile, method, found));
          try (InputStream fault =
              InjectedFault.class.getResourceAsStream("/" + FAULT + ".class")) {
            files.put(FAULT + ".class", fault.readAllBytes());
          }
          put(out, ZipEntry.STORED, entry.getName(), BundleFile.write(files, name -> true));
        } else {
          put(out, ZipEntry.DEFLATED, entry.getName(), file);
        }
      }
    } catch (IOException e) {
      throw new IllegalStateException("cannot write " + jar, e);
    }
    if (!found[0]) {
      throw new IllegalStateException("no method " + method + " in " + faulty);
    }
    return jar;
  }

  private static void put(ZipOutputStream out, int how, String name, byte[] file)
      throws IOException {
    ZipEntry entry = new ZipEntry(name);
    entry.setMethod(how);
    if (how == ZipEntry.STORED) {
      CRC32 crc = new CRC32();
      crc.update(file);
      entry.setCrc(crc.getValue());
      entry.setSize(file.length);
    }
    out.putNextEntry(entry);
    out.write(file);
    out.closeEntry();
  }

  private static byte[] broken(byte[] file, String method, boolean[] found) {
    ClassReader reader = new ClassReader(file);
    ClassWriter writer = new ClassWriter(reader, 0);
    reader.accept(
        new ClassVisitor(Opcodes.ASM9, writer) {
          @Override
          public MethodVisitor visitMethod(
              int access, String name, String descriptor, String signature, String[] exceptions) {
            MethodVisitor next = super.visitMethod(access, name, descriptor, signature, exceptions);
            if (!name.equals(method) || (access & Opcodes.ACC_SYNTHETIC) != 0) {
              return next;
            }
            found[0] = true;
            return new MethodVisitor(Opcodes.ASM9, next) {
              @Override
              public void visitCode() {
                super.visitCode();
                super.visitMethodInsn(Opcodes.INVOKESTATIC, FAULT, "raise", "()V", false);
              }
            };
          }
        },
        0);
    return writer.toByteArray();
  }
}
