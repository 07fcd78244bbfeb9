package dev.weft.controlserver.mesh;

import dev.weft.controlserver.store.VersionCounter;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.locks.ReentrantLock;
import java.util.function.LongFunction;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The state of the mesh as one thing with a version: every change goes through {@link #change},
 * every reader gets a {@link MeshView} that belongs to one version. Thread-safe.
 */
public final class Mesh {
  private final ReentrantLock lock = new ReentrantLock();
  private final VersionCounter version;
  private final LongFunction<MeshView> gather;
  private final List<Runnable> listeners = new CopyOnWriteArrayList<>();
  private @Nullable MeshView view;

  /**
   * @param gather makes the view of the given version from the parts; called under the lock that
   *     changes hold
   */
  public Mesh(VersionCounter version, LongFunction<MeshView> gather) {
    this.version = version;
    this.gather = gather;
  }

  /**
   * A listener is called after every change, on the thread that made it; it must return at once.
   */
  public void onChange(Runnable listener) {
    listeners.add(listener);
  }

  public long version() {
    return version.current();
  }

  /** A change; it gets the version that it will have. */
  @FunctionalInterface
  public interface Body<T, X extends Exception> {
    T apply(long upcoming) throws X;
  }

  /** What {@code body} returned and the version after it. */
  public record Result<T>(T value, long version) {}

  /**
   * Runs {@code body} while nothing else changes; when {@code changed} says so, the version
   * advances.
   */
  public <T, X extends Exception> Result<T> change(Body<T, X> body, Predicate<T> changed) throws X {
    Result<T> result;
    lock.lock();
    try {
      version.reserve();
      T value = body.apply(version.current() + 1);
      if (!changed.test(value)) {
        return new Result<>(value, version.current());
      }
      result = new Result<>(value, version.advance());
      view = null;
    } finally {
      lock.unlock();
    }
    new ArrayList<>(listeners).forEach(Runnable::run);
    return result;
  }

  /**
   * As {@link #change(Body, Predicate)} for a body that says itself whether it changed anything.
   */
  public <X extends Exception> boolean change(Body<Boolean, X> body) throws X {
    return change(body, changed -> changed).value();
  }

  public MeshView view() {
    lock.lock();
    try {
      MeshView current = view;
      if (current == null) {
        current = gather.apply(version.current());
        view = current;
      }
      return current;
    } finally {
      lock.unlock();
    }
  }
}
