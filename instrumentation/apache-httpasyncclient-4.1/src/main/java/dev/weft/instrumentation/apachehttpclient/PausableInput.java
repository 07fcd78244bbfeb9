package dev.weft.instrumentation.apachehttpclient;

import java.io.IOException;
import org.apache.http.nio.IOControl;
import org.jspecify.annotations.Nullable;

/**
 * What an exchange has to pause its response, of which a part is in memory and the rest comes from
 * a connection; and who tells it. One thread tells at a time and holds no lock meanwhile: what the
 * others bring is news that it finds afterwards. State is guarded by this object.
 */
abstract class PausableInput implements IOControl {
  private boolean telling;
  private boolean news;
  private boolean suspended;
  private boolean held;
  private @Nullable IOControl connection;

  /** Whether somebody reads, the exchange or nobody; asked under the lock. */
  abstract boolean isDecided();

  /** Whether the exchange is the one that reads; asked under the lock. */
  abstract boolean isDelivered();

  /** Tells the exchange what there is. Only by the thread that may. */
  abstract void tell();

  /** Makes the calling thread the one that tells, or leaves its news to the one that does. */
  final synchronized boolean mayTell() {
    if (telling) {
      news = true;
      return false;
    }
    telling = true;
    return true;
  }

  /** The exchange is told, here or by the thread that tells already. */
  final void tellNews() {
    synchronized (this) {
      if (!isDelivered() || !mayTell()) {
        return;
      }
    }
    tell();
    settle();
  }

  /** Tells what came meanwhile, and lets others tell. */
  final void settle() {
    while (hasNews()) {
      tell();
    }
  }

  private synchronized boolean hasNews() {
    if (news) {
      news = false;
      if (isDelivered()) {
        return true;
      }
    }
    telling = false;
    resume();
    return false;
  }

  // ---- towards the connection

  final synchronized void connect(IOControl control) {
    connection = control;
  }

  /** It is given back, or gone. */
  final synchronized void disconnect() {
    connection = null;
  }

  /** What the connection has stays there for now. */
  final synchronized void hold() {
    held = true;
    if (connection != null) {
      connection.suspendInput();
    }
  }

  /** Lets the connection go on, unless there is a reason against. */
  final synchronized void resume() {
    if (held && isDecided() && !telling && !suspended && connection != null) {
      held = false;
      connection.requestInput();
    }
  }

  // ---- what the exchange asks of its connection

  final synchronized boolean isSuspended() {
    return suspended;
  }

  @Override
  public final void requestInput() {
    synchronized (this) {
      suspended = false;
    }
    tellNews();
  }

  @Override
  public final synchronized void suspendInput() {
    suspended = true;
    hold();
  }

  @Override
  public final synchronized void requestOutput() {
    if (connection != null) {
      connection.requestOutput();
    }
  }

  @Override
  public final synchronized void suspendOutput() {
    if (connection != null) {
      connection.suspendOutput();
    }
  }

  @Override
  public final void shutdown() throws IOException {
    IOControl to;
    synchronized (this) {
      to = connection;
    }
    if (to != null) {
      to.shutdown();
    }
  }
}
