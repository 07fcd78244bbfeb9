package dev.weft.bootstrap;

import java.lang.ref.WeakReference;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Where woven advice finds its {@link Hook}.
 *
 * <p>The agent is in one of three states. <em>Starting</em>: classes are woven already, the data
 * plane is not there yet; a caller waits until the start deadline at most (see {@link #starting}),
 * once in the life of the JVM. <em>Ready</em>: hooks answer. <em>Unusable</em>: the agent could not
 * start, or not in time. While it is not ready {@code mesh.on-agent-failure} decides: {@code allow}
 * answers a hook that grants everything, {@code deny} throws, so that enforcing advice refuses and
 * observing advice does nothing. Thread-safe; after the first call per class a look-up is two array
 * reads.
 */
public final class Hooks {
  private static final Object LOCK = new Object();
  private static final ClassValue<Known> KNOWN =
      new ClassValue<Known>() {
        @Override
        protected Known computeValue(Class<?> owner) {
          return new Known();
        }
      };
  private static final Hook GRANT =
      new Hook() {
        @Override
        public Object enter(
            @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c) {
          return Permit.GRANTED;
        }
      };

  /** Calls for hooks that are not there yet; guarded by LOCK. */
  private static final List<LateCall> LATE = new ArrayList<>();

  private static final int MAX_LATE = 64;

  private static volatile @Nullable HookSource source;
  private static volatile boolean denyWhenUnusable;
  private static volatile long deadlineNanos = System.nanoTime();
  private static volatile @Nullable String unusable = "the mesh agent is not started";
  private static volatile boolean wanted;

  private Hooks() {}

  /**
   * The hook {@code name} for {@code owner}; never null.
   *
   * @param owner the woven class ({@code @Advice.Origin Class})
   * @param name binary name of the hook class, a constant
   * @throws IllegalStateException when the hook is not usable and calls are to be refused
   */
  public static Hook find(Class<?> owner, String name) {
    if (CallDepth.isAgentTraffic()) {
      return GRANT;
    }
    Known known = KNOWN.get(owner);
    Hook hook = known.get(source, name);
    return hook != null ? hook : make(known, owner, name);
  }

  /**
   * As {@link #find}, but never waits for an agent that is starting. For advice that observes on
   * the application's start-up path, which must not depend on the network; it is called again
   * later.
   */
  public static Hook findNow(Class<?> owner, String name) {
    if (source != null) {
      return find(owner, name);
    }
    want();
    return GRANT;
  }

  /**
   * As {@link #findNow}, for what happens once and must not be missed: a hook that is not there yet
   * gets the call of its {@code enter} when it is, on a thread of the agent, with the receiver
   * alone and only when that still exists. Of the first {@value #MAX_LATE} such calls.
   */
  public static Hook findOrLater(Class<?> owner, String name) {
    return source != null ? find(owner, name) : new LateHook(owner, name);
  }

  /** Keeps a call until {@link #ready}, or makes it at once when that has been. */
  private static void later(LateCall call) throws Throwable {
    want();
    HookSource now;
    synchronized (LOCK) {
      now = source;
      if (now == null && unusable == null && LATE.size() < MAX_LATE) {
        LATE.add(call);
      }
    }
    if (now != null) {
      call.make(now);
    }
  }

  /**
   * Waits until the first hook is looked for, or {@code millis} have passed: what an application
   * that is still starting does not need yet had better not compete with it.
   */
  public static void awaitWanted(long millis) throws InterruptedException {
    long until = System.nanoTime() + millis * 1_000_000L;
    synchronized (LOCK) {
      for (long left = millis; !wanted && left > 0; ) {
        LOCK.wait(left);
        left = (until - System.nanoTime()) / 1_000_000L;
      }
    }
  }

  private static void want() {
    if (!wanted) {
      synchronized (LOCK) {
        wanted = true;
        LOCK.notifyAll();
      }
    }
  }

  /**
   * The agent is coming up: callers wait until {@code waitMillis} from now at most, then are
   * refused or let through.
   */
  public static void starting(boolean deny, long waitMillis) {
    denyWhenUnusable = deny;
    deadlineNanos = System.nanoTime() + waitMillis * 1_000_000L;
    unusable = null;
  }

  /** The agent is there. */
  public static void ready(HookSource hooks) {
    List<LateCall> late;
    synchronized (LOCK) {
      source = hooks;
      late = new ArrayList<>(LATE);
      LATE.clear();
      LOCK.notifyAll();
    }
    for (LateCall call : late) {
      try {
        call.make(hooks);
      } catch (Throwable t) {
        // Such advice observes: the library's call is long over, and nobody is to hear of this.
      }
    }
  }

  /** The agent will not come: from now on nobody waits. */
  public static void failed(String reason) {
    synchronized (LOCK) {
      source = null;
      unusable = reason;
      LATE.clear();
      LOCK.notifyAll();
    }
  }

  /** Whether the data plane answers. */
  public static boolean isReady() {
    return source != null;
  }

  private static Hook make(Known known, Class<?> owner, String name) {
    HookSource from = source;
    if (from == null) {
      want();
    }
    if (from == null && unusable == null && System.nanoTime() - deadlineNanos < 0) {
      from = await();
    }
    if (from == null) {
      if (denyWhenUnusable) {
        String reason = unusable;
        throw new IllegalStateException(
            reason == null ? "the mesh agent is still starting" : reason);
      }
      return GRANT;
    }
    Hook made;
    try {
      made = from.find(owner, name);
    } catch (Throwable t) {
      throw new IllegalStateException("mesh hook " + name + " is not usable", t);
    }
    known.put(from, name, made);
    return made;
  }

  private static @Nullable HookSource await() {
    synchronized (LOCK) {
      boolean interrupted = false;
      while (source == null && unusable == null) {
        long left = (deadlineNanos - System.nanoTime()) / 1_000_000L;
        if (left <= 0) {
          break;
        }
        try {
          LOCK.wait(left);
        } catch (InterruptedException e) {
          interrupted = true;
          break;
        }
      }
      if (interrupted) {
        Thread.currentThread().interrupt();
      }
      return source;
    }
  }

  /** Remembers the call it gets. */
  private static final class LateHook extends Hook {
    private final Class<?> owner;
    private final String name;

    LateHook(Class<?> owner, String name) {
      this.owner = owner;
      this.name = name;
    }

    @Override
    public Object enter(
        @Nullable Object self, @Nullable Object a, @Nullable Object b, @Nullable Object c)
        throws Throwable {
      later(new LateCall(owner, name, self));
      return Permit.GRANTED;
    }
  }

  /** A call of a hook that was not there; keeps its receiver alive no longer than others do. */
  private static final class LateCall {
    private final Class<?> owner;
    private final String name;
    private final WeakReference<Object> self;

    LateCall(Class<?> owner, String name, @Nullable Object self) {
      this.owner = owner;
      this.name = name;
      this.self = new WeakReference<>(self);
    }

    void make(HookSource from) throws Throwable {
      Object receiver = self.get();
      if (receiver != null) {
        Known known = KNOWN.get(owner);
        Hook hook = known.get(from, name);
        (hook != null ? hook : Hooks.make(known, owner, name)).enter(receiver, null, null, null);
      }
    }
  }

  /** Hooks of one woven class: they live as long as the class, and keep nothing else alive. */
  private static final class Known {
    private volatile Made made = new Made(null, new String[0], new Hook[0]);

    @Nullable Hook get(@Nullable HookSource from, String name) {
      Made now = made;
      if (now.from == from) {
        for (int i = 0; i < now.names.length; i++) {
          if (now.names[i].equals(name)) {
            return now.hooks[i];
          }
        }
      }
      return null;
    }

    synchronized void put(HookSource from, String name, Hook hook) {
      Made now = made;
      int n = now.from == from ? now.names.length : 0;
      String[] names = Arrays.copyOf(now.names, n + 1);
      Hook[] hooks = Arrays.copyOf(now.hooks, n + 1);
      names[n] = name;
      hooks[n] = hook;
      made = new Made(from, names, hooks);
    }
  }

  /** Immutable. */
  private static final class Made {
    final @Nullable HookSource from;
    final String[] names;
    final Hook[] hooks;

    Made(@Nullable HookSource from, String[] names, Hook[] hooks) {
      this.from = from;
      this.names = names;
      this.hooks = hooks;
    }
  }
}
