package dev.weft.agent.weave;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.HashSet;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * Names of the members of a class file (JVMS 4), read without ASM: a start whose woven classes are
 * known already asks for nothing else. For one thread.
 */
final class ClassMembers {
  private static final int MAGIC = 0xcafebabe;
  private static final int UTF8 = 1;
  private static final int LONG = 5;
  private static final int DOUBLE = 6;
  private static final int STRING = 8;

  /** Bytes of a constant after its tag, by tag (JVMS 4.4); 0 where there is no such tag. */
  private static final int[] SIZES = {
    0, 0, 0, 4, 4, 8, 8, 2, 2, 4, 4, 4, 4, 0, 0, 3, 2, 4, 4, 2, 2
  };

  private final byte[] file;
  private final int[] constants;
  private int at;

  private ClassMembers(byte[] file) {
    this.file = file;
    at = 8;
    constants = new int[u2()];
    for (int i = 1; i < constants.length; i++) {
      constants[i] = at;
      int tag = file[at++];
      if (tag == UTF8) {
        int length = u2();
        at += length;
      } else if (tag > 0 && tag < SIZES.length && SIZES[tag] > 0) {
        at += SIZES[tag];
      } else {
        throw new IllegalArgumentException("a constant of the unknown kind " + tag);
      }
      if (tag == LONG || tag == DOUBLE) {
        i++;
      }
    }
    // Access flags, the class itself, its superclass.
    at += 6;
    int interfaces = u2();
    at += 2 * interfaces;
  }

  /**
   * For each method its name, and its name with its descriptor; for each field its name, and {@code
   * name:descriptor}.
   *
   * @throws IOException when it is no class file
   */
  static Set<String> of(byte[] file) throws IOException {
    Set<String> members = new HashSet<>();
    ClassMembers reader = open(file);
    try {
      reader.read(":", members, null);
      reader.read("", members, null);
      return members;
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  /**
   * The value of a constant field that is a string, null when there is none.
   *
   * @throws IOException when it is no class file
   */
  static @Nullable String constant(byte[] file, String field) throws IOException {
    ClassMembers reader = open(file);
    try {
      return reader.read("", null, field);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private static ClassMembers open(byte[] file) throws IOException {
    try {
      if (((u2(file, 0) << 16) | u2(file, 2)) != MAGIC) {
        throw new IllegalArgumentException("it does not begin as one");
      }
      return new ClassMembers(file);
    } catch (RuntimeException e) {
      throw damaged(e);
    }
  }

  private static IOException damaged(RuntimeException cause) {
    return new IOException("not a class file", cause);
  }

  /** Reads the fields, or after them the methods (JVMS 4.5, 4.6). */
  private @Nullable String read(
      String separator, @Nullable Set<String> members, @Nullable String wanted) {
    String found = null;
    for (int count = u2(); count > 0; count--) {
      at += 2;
      String name = utf8(u2());
      String descriptor = utf8(u2());
      if (members != null) {
        members.add(name);
        members.add(name + separator + descriptor);
      }
      for (int attributes = u2(); attributes > 0; attributes--) {
        int attribute = u2();
        int length = (u2() << 16) | u2();
        if (name.equals(wanted) && length == 2 && utf8(attribute).equals("ConstantValue")) {
          int value = constants[u2(file, at)];
          if (file[value] == STRING) {
            found = utf8(u2(file, value + 1));
          }
        }
        if (length < 0) {
          throw new IllegalArgumentException("an attribute of " + length + " bytes");
        }
        at += length;
      }
    }
    return found;
  }

  /** Modified UTF-8 is UTF-8 for the names that anybody asks for: those without null characters. */
  private String utf8(int constant) {
    int start = constants[constant];
    int length = u2(file, start + 1);
    return new String(file, start + 3, length, StandardCharsets.UTF_8);
  }

  private int u2() {
    at += 2;
    return u2(file, at - 2);
  }

  private static int u2(byte[] file, int at) {
    return ((file[at] & 0xff) << 8) | (file[at + 1] & 0xff);
  }
}
