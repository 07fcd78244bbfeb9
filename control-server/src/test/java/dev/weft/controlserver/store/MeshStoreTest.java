package dev.weft.controlserver.store;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import dev.weft.controlserver.StartupException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.channels.FileLock;
import java.nio.file.Path;
import java.util.concurrent.atomic.AtomicBoolean;
import org.h2.store.fs.FileBase;
import org.h2.store.fs.FilePath;
import org.h2.store.fs.FilePathWrapper;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

public class MeshStoreTest {
  @TempDir Path directory;

  @Test
  void rollsBackAChangeThatThrows() {
    try (MeshStore store = MeshStore.open(directory)) {
      put(store, "a", "1");
      assertThatThrownBy(
              () ->
                  store.write(
                      tx -> {
                        tx.put(Table.META, "a", "2");
                        throw new IllegalArgumentException("no");
                      }))
          .hasMessage("no");
      assertThat(store.get(Table.META, "a")).isEqualTo("1");
    }
  }

  @Test
  void isForOneProcessAtATime() {
    try (MeshStore store = MeshStore.open(directory)) {
      put(store, "a", "1");
      assertThatThrownBy(() -> MeshStore.open(directory))
          .isInstanceOf(StartupException.class)
          .hasMessageContaining("in use by another control server");
    }
    MeshStore.open(directory).close();
  }

  @Test
  void acknowledgesNothingOnAFullDisk() {
    FullDisk disk = new FullDisk();
    FilePath.register(disk);
    try {
      MeshStore store = MeshStore.open(directory, "full:" + directory.resolve("mesh.db"));
      put(store, "a", "1");
      FullDisk.FULL.set(true);
      assertThatThrownBy(() -> put(store, "a", "2"))
          .isInstanceOf(StoreException.class)
          .hasMessageContaining("was not made");
      assertThat(store.failure()).isNotNull();
      FullDisk.FULL.set(false);
      assertThatThrownBy(() -> put(store, "a", "3")).isInstanceOf(StoreException.class);
      store.close();
      try (MeshStore again = MeshStore.open(directory)) {
        assertThat(again.get(Table.META, "a")).isEqualTo("1");
      }
    } finally {
      FilePath.unregister(disk);
      FullDisk.FULL.set(false);
    }
  }

  @Test
  void versionsGrowAcrossRestarts() {
    long seen;
    try (MeshStore store = MeshStore.open(directory)) {
      VersionCounter counter = new VersionCounter(store);
      counter.reserve();
      counter.advance();
      seen = counter.advance();
    }
    try (MeshStore store = MeshStore.open(directory)) {
      VersionCounter counter = new VersionCounter(store);
      counter.reserve();
      assertThat(counter.current()).isGreaterThanOrEqualTo(seen);
      assertThat(counter.advance()).isGreaterThan(seen);
    }
  }

  private static void put(MeshStore store, String key, String value) {
    store.write(
        tx -> {
          tx.put(Table.META, key, value);
          return key;
        });
  }

  /** A file system on which, from some moment on, nothing can be written. */
  public static final class FullDisk extends FilePathWrapper {
    /** The file system makes more of these by reflection. */
    public FullDisk() {}

    static final AtomicBoolean FULL = new AtomicBoolean();

    @Override
    public String getScheme() {
      return "full";
    }

    @Override
    public FileChannel open(String mode) throws IOException {
      FileChannel real = getBase().open(mode);
      return new FileBase() {
        @Override
        public int write(ByteBuffer source, long position) throws IOException {
          if (FULL.get()) {
            throw new IOException("No space left on device");
          }
          return real.write(source, position);
        }

        @Override
        public int read(ByteBuffer target, long position) throws IOException {
          return real.read(target, position);
        }

        @Override
        public FileLock tryLock(long position, long size, boolean shared) throws IOException {
          return real.tryLock(position, size, shared);
        }

        @Override
        public long size() throws IOException {
          return real.size();
        }

        @Override
        public void force(boolean metaData) throws IOException {
          real.force(metaData);
        }

        @Override
        protected void implCloseChannel() throws IOException {
          real.close();
        }

        @Override
        public FileChannel truncate(long size) throws IOException {
          real.truncate(size);
          return this;
        }

        @Override
        public long position() throws IOException {
          return real.position();
        }

        @Override
        public FileChannel position(long position) throws IOException {
          real.position(position);
          return this;
        }

        @Override
        public int read(ByteBuffer target) throws IOException {
          return real.read(target);
        }

        @Override
        public int write(ByteBuffer source) throws IOException {
          return write(source, position());
        }
      };
    }
  }
}
