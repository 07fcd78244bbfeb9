package dev.weft.agent.weave;

import static org.assertj.core.api.Assertions.assertThat;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

final class WovenClassesTest {
  private static final String BUILD = "b1";
  private static final byte[] BEFORE = {1, 2, 3, 4, 5, 6, 7, 8, 9};
  private static final byte[] AFTER = {9, 8, 7};

  @TempDir Path dir;

  private Path cache() {
    return dir.resolve("cache");
  }

  private Path kept() {
    return cache().resolve("woven").resolve(BUILD);
  }

  /** A start, which writes at once what it keeps. */
  private WovenClasses start() {
    return start(BUILD);
  }

  private WovenClasses start(String build) {
    return WovenClasses.of(cache().toFile(), build, Runnable::run);
  }

  private void keepOne() {
    start().keep(new WovenFile("unit", "library.Sample", BEFORE), AFTER);
  }

  private byte[] find() {
    return start().find(new WovenFile("unit", "library.Sample", BEFORE));
  }

  private List<Path> files() throws IOException {
    try (Stream<Path> files = Files.list(kept())) {
      return files.collect(Collectors.toList());
    }
  }

  @Test
  void whatIsKeptIsFoundForTheSameOnly() {
    keepOne();
    assertThat(find()).isEqualTo(AFTER);
    assertThat(start().find(new WovenFile("other", "library.Sample", BEFORE))).isNull();
    assertThat(start().find(new WovenFile("unit", "library.Other", BEFORE))).isNull();
    assertThat(start().find(new WovenFile("unit", "library.Sample", AFTER))).isNull();
    assertThat(start("b2").find(new WovenFile("unit", "library.Sample", BEFORE))).isNull();
    byte[] changed = BEFORE.clone();
    changed[4]++;
    assertThat(start().find(new WovenFile("unit", "library.Sample", changed))).isNull();
    assertThat(WovenClasses.of(null).find(new WovenFile("unit", "library.Sample", BEFORE)))
        .isNull();
  }

  @Test
  void theSameChecksumIsNotEnough() throws IOException {
    keepOne();
    Path file = files().get(0);
    byte[] changed = BEFORE.clone();
    changed[4]++;
    start().keep(new WovenFile("unit", "library.Sample", changed), AFTER);
    List<Path> both = files();
    both.remove(file);
    // As if both bytes had one checksum: the file is where the other one is looked for.
    Files.move(both.get(0), file, java.nio.file.StandardCopyOption.REPLACE_EXISTING);
    assertThat(find()).isNull();
  }

  @Test
  void noDamageGoesUnseen() throws IOException {
    keepOne();
    Path file = files().get(0);
    byte[] whole = Files.readAllBytes(file);
    for (int at = 0; at < whole.length; at++) {
      byte[] damaged = whole.clone();
      damaged[at] ^= 1;
      Files.write(file, damaged);
      assertThat(find()).as("byte %d", at).isNull();
      Files.write(file, java.util.Arrays.copyOf(whole, at));
      assertThat(find()).as("cut at %d", at).isNull();
    }
    Files.write(file, whole);
    assertThat(find()).isEqualTo(AFTER);
  }

  @Test
  void aDirectoryThatOthersCanWriteInIsNotBelieved() throws IOException {
    keepOne();
    for (Path open : new Path[] {cache(), cache().resolve("woven")}) {
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwxrwx---"));
      assertThat(find()).as("%s", open).isNull();
      assertThat(start().isComplete()).isFalse();
      Files.setPosixFilePermissions(open, PosixFilePermissions.fromString("rwx------"));
    }
    assertThat(find()).isEqualTo(AFTER);
  }

  @Test
  void aLinkIsNotBelieved() throws IOException {
    keepOne();
    Path elsewhere = dir.resolve("elsewhere");
    Files.move(cache().resolve("woven"), elsewhere);
    Files.createSymbolicLink(cache().resolve("woven"), elsewhere);
    assertThat(find()).isNull();
  }

  @Test
  void filesArePrivateFromTheBeginning() throws IOException {
    keepOne();
    for (Path made : new Path[] {cache(), cache().resolve("woven"), kept()}) {
      assertThat(PosixFilePermissions.toString(Files.getPosixFilePermissions(made)))
          .isEqualTo("rwx------");
    }
  }

  @Test
  void whereNothingCanBeWrittenNothingHappens() throws IOException {
    Files.write(cache(), BEFORE);
    keepOne();
    assertThat(find()).isNull();
    assertThat(Files.readAllBytes(cache())).isEqualTo(BEFORE);
  }

  @Test
  void anotherBuildTakesThePlace() throws IOException {
    keepOne();
    start("b2").keep(new WovenFile("unit", "library.Sample", BEFORE), AFTER);
    assertThat(kept()).doesNotExist();
    assertThat(start("b2").find(new WovenFile("unit", "library.Sample", BEFORE))).isEqualTo(AFTER);
  }

  @Test
  void classesThatDifferAtEachStartDoNotFillTheDisk() throws IOException {
    for (int i = 0; i < 1_100; i++) {
      start()
          .keep(
              new WovenFile("unit", "library.Sample", new byte[] {(byte) i, (byte) (i >> 8)}),
              AFTER);
    }
    assertThat(files()).hasSizeBetween(90, 1_002);
  }

  @Test
  void byteBuddyIsLoadedAheadUntilAStartHasFoundAllItNeeds() {
    assertThat(start().isComplete()).as("first start").isFalse();
    keepOne();
    assertThat(start().isComplete()).as("second").isTrue();
    WovenClasses third = start();
    assertThat(third.isComplete()).isTrue();
    third.keep(new WovenFile("unit", "library.New", BEFORE), AFTER);
    assertThat(start().isComplete()).as("after one that missed a class").isFalse();
    assertThat(start().isComplete()).as("after one that missed none").isTrue();
  }

  @Test
  void writingWaitsForItsTurn() {
    List<Runnable> later = new ArrayList<>();
    WovenClasses classes = WovenClasses.of(cache().toFile(), BUILD, later::add);
    classes.keep(new WovenFile("unit", "library.Sample", BEFORE), AFTER);
    classes.keep(new WovenFile("unit", "library.Other", BEFORE), AFTER);
    assertThat(cache()).doesNotExist();
    assertThat(later).as("once for all that come meanwhile").hasSize(1);
    later.get(0).run();
    assertThat(find()).isEqualTo(AFTER);
    assertThat(start().find(new WovenFile("unit", "library.Other", BEFORE))).isEqualTo(AFTER);
    classes.keep(new WovenFile("unit", "library.Third", BEFORE), AFTER);
    assertThat(later).hasSize(2);
  }
}
