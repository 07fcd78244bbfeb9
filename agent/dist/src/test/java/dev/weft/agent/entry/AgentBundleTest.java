package dev.weft.agent.entry;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.agent.dist.BundleFile;
import java.io.File;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Arrays;
import java.util.SortedMap;
import java.util.TreeMap;
import java.util.zip.CRC32;
import java.util.zip.ZipEntry;
import java.util.zip.ZipOutputStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** What the packer writes, the agent's class loader reads. */
final class AgentBundleTest {
  @TempDir Path directory;

  private final SortedMap<String, byte[]> files = new TreeMap<>();

  @Test
  void eachFileIsFoundByItsName() throws IOException {
    for (int i = 0; i < 3_000; i++) {
      files.put("some/folder/File" + i + ".class", text("content " + i + " ".repeat(i % 50)));
    }
    files.put("empty", new byte[0]);
    byte[] random = new byte[5_000];
    new java.util.Random(1).nextBytes(random);
    files.put("random", random);
    AgentBundle bundle = bundle(BundleFile.write(files, name -> name.contains("7")));
    for (String name : files.keySet()) {
      assertThat(bundle.read(name)).as(name).isEqualTo(files.get(name));
    }
    assertThat(bundle.read("some/folder/File3000.class")).isNull();
    assertThat(bundle.read("")).isNull();
  }

  /** Both names have the hash 2112, and the same length. */
  @Test
  void namesOfOneHashAreToldApart() throws IOException {
    files.put("Aa", text("first"));
    files.put("C#", text("third"));
    AgentBundle without = bundle(BundleFile.write(files, name -> true));
    assertThat(without.read("BB")).isNull();
    files.put("BB", text("second"));
    AgentBundle with = bundle(BundleFile.write(files, name -> true));
    assertThat(with.read("Aa")).isEqualTo(text("first"));
    assertThat(with.read("BB")).isEqualTo(text("second"));
    assertThat(with.read("C#")).isEqualTo(text("third"));
  }

  @Test
  void whatIsCutOffOrDamagedIsAnError() throws IOException {
    files.put("a", text("something of some length, so that deflating is worth it: aaaaaaaaaaaaa"));
    byte[] whole = BundleFile.write(files, name -> false);
    AgentBundle cut = bundle(Arrays.copyOf(whole, whole.length - 10));
    assertThatThrownBy(() -> cut.read("a")).isInstanceOf(IOException.class);
    byte[] flipped = whole.clone();
    flipped[flipped.length - 30] = (byte) ~flipped[flipped.length - 30];
    flipped[flipped.length - 29] = (byte) ~flipped[flipped.length - 29];
    AgentBundle damaged = bundle(flipped);
    assertThatThrownBy(() -> damaged.read("a")).isInstanceOf(IOException.class);
    byte[] absurd = whole.clone();
    absurd[0] = 0x7f;
    assertThatThrownBy(() -> bundle(absurd)).hasMessageContaining("damaged");
  }

  @Test
  void aJarWithoutOneIsNamed() throws IOException {
    Path jar = jar("other", new byte[0]);
    assertThatThrownBy(() -> AgentBundle.of(jar.toFile()))
        .hasMessageContaining(jar.toString())
        .hasMessageContaining(AgentBundle.ENTRY);
  }

  /** As the packer reads it for tests that put a bug into one class. */
  @Test
  void theWriterReadsWhatItWrote() {
    files.put("Aa", text("first"));
    files.put("BB", text("second second second second second second"));
    SortedMap<String, byte[]> read = BundleFile.read(BundleFile.write(files, name -> false));
    assertThat(read).containsOnlyKeys("Aa", "BB");
    assertThat(read.get("BB")).isEqualTo(files.get("BB"));
    assertThat(BundleFile.ENTRY).isEqualTo(AgentBundle.ENTRY);
  }

  @Test
  void nobodyWaitsForAThreadThatLoadsAClass() throws Exception {
    String name = LoadedByTwo.class.getName();
    String file = name.replace('.', '/') + ".class";
    try (InputStream in = getClass().getClassLoader().getResourceAsStream(file)) {
      files.put(file, in.readAllBytes());
    }
    Path jar = jar(AgentBundle.ENTRY, BundleFile.write(files, each -> true));
    LoadedByTwo.check(AgentLoader.of(jar.toFile()), name);
  }

  private AgentBundle bundle(byte[] content) throws IOException {
    return AgentBundle.of(jar(AgentBundle.ENTRY, content).toFile());
  }

  private Path jar(String name, byte[] content) throws IOException {
    File jar = File.createTempFile("agent", ".jar", directory.toFile());
    try (ZipOutputStream out = new ZipOutputStream(Files.newOutputStream(jar.toPath()))) {
      ZipEntry entry = new ZipEntry(name);
      entry.setMethod(ZipEntry.STORED);
      CRC32 crc = new CRC32();
      crc.update(content);
      entry.setCrc(crc.getValue());
      entry.setSize(content.length);
      out.putNextEntry(entry);
      out.write(content);
    }
    return jar.toPath();
  }

  private static byte[] text(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
