package dev.weft.agent.weave;

import java.io.DataInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.util.Collection;

/**
 * Whether a class may be one that is woven, or a copy of one under another package, by the hash of
 * its simple name: what every class load of the JVM is asked first, without allocation. It is
 * written when the agent jar is built, so that the names themselves need not be read before {@code
 * main}. Thread-safe.
 */
final class NameGate {
  /** Stands for no name. */
  private static final int FREE = 0;

  /** Hashes with open addressing; a power of two, at most half of them taken. */
  private final int[] slots;

  private NameGate(int[] slots) {
    this.slots = slots;
  }

  /** A gate for classes of these internal names. */
  static NameGate of(Collection<String> internalNames) {
    int[] slots = new int[Integer.highestOneBit(Math.max(internalNames.size(), 1)) * 4];
    for (String name : internalNames) {
      int hash = hash(name);
      int at = hash & (slots.length - 1);
      while (slots[at] != FREE && slots[at] != hash) {
        at = (at + 1) & (slots.length - 1);
      }
      slots[at] = hash;
    }
    return new NameGate(slots);
  }

  /** The gate that {@link #write} wrote. */
  static NameGate read(InputStream in) throws IOException {
    DataInputStream data = new DataInputStream(in);
    int length = data.readInt();
    if (length < 1 || length > 1 << 20 || Integer.bitCount(length) != 1) {
      throw new IOException("the name gate of the agent jar is damaged");
    }
    byte[] bytes = new byte[length * 4];
    data.readFully(bytes);
    int[] slots = new int[length];
    ByteBuffer.wrap(bytes).asIntBuffer().get(slots);
    return new NameGate(slots);
  }

  /** The gate as bytes, for {@link #read}. */
  byte[] write() {
    ByteBuffer out = ByteBuffer.allocate(4 + slots.length * 4);
    out.putInt(slots.length).asIntBuffer().put(slots);
    return out.array();
  }

  /** Whether the simple name is that of a woven class, or happens to have the same hash. */
  boolean passes(String internalName) {
    int hash = hash(internalName);
    int at = hash & (slots.length - 1);
    while (slots[at] != FREE) {
      if (slots[at] == hash) {
        return true;
      }
      at = (at + 1) & (slots.length - 1);
    }
    return false;
  }

  /** Of the simple name, read from its end. */
  private static int hash(String name) {
    int hash = 0;
    for (int i = name.length() - 1; i >= 0; i--) {
      char c = name.charAt(i);
      if (c == '/') {
        break;
      }
      hash = 31 * hash + c;
    }
    hash ^= hash >>> 15;
    return hash == FREE ? 1 : hash;
  }
}
