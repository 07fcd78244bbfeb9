package dev.weft.instrumentation.httpserver;

import java.io.EOFException;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.SocketChannel;
import java.util.concurrent.locks.ReentrantLock;
import javax.net.ssl.SSLEngine;
import javax.net.ssl.SSLEngineResult;
import javax.net.ssl.SSLEngineResult.HandshakeStatus;
import javax.net.ssl.SSLException;

/**
 * TLS on a channel: shakes hands without blocking, then reads and writes as the channel does, which
 * blocks. One thread may read while another writes.
 */
final class TlsStream {
  private static final ByteBuffer NOTHING = ByteBuffer.allocate(0);
  private static final int RECORD_HEADER = 5;

  private final SSLEngine engine;
  private final SocketChannel below;
  private final ReentrantLock reading = new ReentrantLock();
  private final ReentrantLock writing = new ReentrantLock();
  private final ByteBuffer received;
  private final ByteBuffer decrypted;
  private final ByteBuffer toSend;
  private boolean established;
  private boolean ended;

  /**
   * @param hello what was read already, ready to be read
   */
  TlsStream(SSLEngine engine, SocketChannel below, ByteBuffer hello) {
    this.engine = engine;
    this.below = below;
    int record = engine.getSession().getPacketBufferSize();
    this.received = ByteBuffer.allocate(record + hello.remaining());
    this.received.put(hello);
    this.decrypted = ByteBuffer.allocate(engine.getSession().getApplicationBufferSize());
    this.decrypted.limit(0);
    this.toSend = ByteBuffer.allocate(record);
  }

  SSLEngine engine() {
    return engine;
  }

  /**
   * Shakes hands as far as the client lets it.
   *
   * @return whether that is done
   */
  boolean shake() throws IOException {
    if (engine.getHandshakeStatus() == HandshakeStatus.NOT_HANDSHAKING) {
      engine.beginHandshake();
    }
    while (true) {
      switch (engine.getHandshakeStatus()) {
        case NEED_TASK:
          runTasks();
          break;
        case NEED_WRAP:
          wrap(NOTHING);
          if (!send()) {
            throw new IOException("the client does not take the server's part of the handshake");
          }
          break;
        case NEED_UNWRAP:
          if (unwrap().getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && !receive()) {
            return false;
          }
          break;
        default:
          established = true;
          return true;
      }
      if (engine.isInboundDone()) {
        throw new EOFException("the client ended the handshake");
      }
    }
  }

  /** Reads at least a byte, and answers how many; -1 at the end. */
  int read(ByteBuffer to) throws IOException {
    reading.lock();
    try {
      while (!decrypted.hasRemaining()) {
        if (ended) {
          return -1;
        }
        SSLEngineResult result = unwrap();
        ended |= result.getStatus() == SSLEngineResult.Status.CLOSED;
        if (result.getStatus() == SSLEngineResult.Status.BUFFER_UNDERFLOW && !receive()) {
          ended = true;
        }
        afterHandshake(result.getHandshakeStatus());
      }
      int count = Math.min(to.remaining(), decrypted.remaining());
      for (int i = 0; i < count; i++) {
        to.put(decrypted.get());
      }
      return count;
    } finally {
      reading.unlock();
    }
  }

  /** Writes all. */
  int write(ByteBuffer from) throws IOException {
    writing.lock();
    try {
      int count = from.remaining();
      while (from.hasRemaining()) {
        if (wrap(from).getStatus() == SSLEngineResult.Status.CLOSED) {
          throw new EOFException("the client ended the connection");
        }
        send();
      }
      return count;
    } finally {
      writing.unlock();
    }
  }

  /** Whether a read would give something, or the end, without asking the channel. */
  boolean holdsData() {
    return decrypted.hasRemaining() || holdsRecord();
  }

  private boolean holdsRecord() {
    return received.position() >= RECORD_HEADER
        && received.position() >= RECORD_HEADER + (received.getShort(3) & 0xffff);
  }

  /** Says good-bye if that takes no waiting, and nobody is reading or writing. */
  void end() throws IOException {
    if (!established || !writing.tryLock()) {
      return;
    }
    try {
      if (reading.tryLock()) {
        try {
          below.configureBlocking(false);
          engine.closeOutbound();
          wrap(NOTHING);
          send();
        } finally {
          reading.unlock();
        }
      }
    } finally {
      writing.unlock();
    }
  }

  /** Keys may be updated at any time; who is at the other end may not (no renegotiation). */
  private void afterHandshake(HandshakeStatus status) throws IOException {
    HandshakeStatus next = status;
    while (next == HandshakeStatus.NEED_TASK || next == HandshakeStatus.NEED_WRAP) {
      if (!ended && !"TLSv1.3".equals(engine.getSession().getProtocol())) {
        throw new SSLException("a client of the mesh may not renegotiate");
      }
      runTasks();
      if (engine.getHandshakeStatus() == HandshakeStatus.NEED_WRAP) {
        writing.lock();
        try {
          if (wrap(NOTHING).getStatus() == SSLEngineResult.Status.CLOSED) {
            return;
          }
          send();
        } finally {
          writing.unlock();
        }
      }
      next = engine.getHandshakeStatus();
    }
  }

  private SSLEngineResult unwrap() throws SSLException {
    received.flip();
    decrypted.clear();
    try {
      return fitting(engine.unwrap(received, decrypted));
    } finally {
      received.compact();
      decrypted.flip();
    }
  }

  private SSLEngineResult wrap(ByteBuffer from) throws SSLException {
    toSend.clear();
    try {
      return fitting(engine.wrap(from, toSend));
    } finally {
      toSend.flip();
    }
  }

  /**
   * The buffers are as large as the engine said; a record beyond that will not fit later, either.
   */
  private static SSLEngineResult fitting(SSLEngineResult result) throws SSLException {
    if (result.getStatus() == SSLEngineResult.Status.BUFFER_OVERFLOW) {
      throw new SSLException("a TLS record is larger than the session said");
    }
    return result;
  }

  /** Whether something came; blocks when the channel does. */
  private boolean receive() throws IOException {
    int count = below.read(received);
    if (count < 0 && !established) {
      throw new EOFException("the client left in the middle of the handshake");
    }
    return count > 0;
  }

  /** Whether all is sent; it always is on a channel that blocks. */
  private boolean send() throws IOException {
    while (toSend.hasRemaining()) {
      if (below.write(toSend) == 0) {
        return false;
      }
    }
    return true;
  }

  private void runTasks() {
    for (Runnable task = engine.getDelegatedTask();
        task != null;
        task = engine.getDelegatedTask()) {
      task.run();
    }
  }
}
