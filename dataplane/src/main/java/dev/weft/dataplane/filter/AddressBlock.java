package dev.weft.dataplane.filter;

import dev.weft.dataplane.IpText;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** An address or CIDR block, IPv4 or IPv6. Immutable. */
public final class AddressBlock {
  private final byte[] address;
  private final int bits;

  private AddressBlock(byte[] address, int bits) {
    this.address = address;
    this.bits = bits;
  }

  /**
   * The blocks of these texts.
   *
   * @throws IllegalArgumentException when one is neither an address nor a block
   */
  public static AddressBlock[] of(List<String> texts) {
    AddressBlock[] blocks = new AddressBlock[texts.size()];
    for (int i = 0; i < blocks.length; i++) {
      blocks[i] = of(texts.get(i));
    }
    return blocks;
  }

  private static AddressBlock of(String text) {
    int slash = text.indexOf('/');
    byte[] address = IpText.parse(slash < 0 ? text : text.substring(0, slash));
    if (address == null) {
      throw new IllegalArgumentException(text + " is no address or CIDR block");
    }
    int bits = slash < 0 ? address.length * 8 : Integer.parseInt(text.substring(slash + 1));
    if (bits < 0 || bits > address.length * 8) {
      throw new IllegalArgumentException(text + " has an impossible prefix length");
    }
    return new AddressBlock(address, bits);
  }

  /** Whether an address is in one of the blocks. */
  public static boolean any(AddressBlock[] blocks, byte[] address) {
    for (AddressBlock block : blocks) {
      if (block.contains(address)) {
        return true;
      }
    }
    return false;
  }

  /** Whether an address is among the blocks and not among the others; null as {@link Attribute}. */
  public static boolean holds(
      AddressBlock[] blocks, AddressBlock[] notBlocks, byte @Nullable [] address, boolean deny) {
    if (address == null) {
      return deny && blocks.length == 0;
    }
    return (blocks.length == 0 || any(blocks, address)) && !any(notBlocks, address);
  }

  private boolean contains(byte[] other) {
    if (other.length != address.length) {
      return false;
    }
    int whole = bits / 8;
    for (int i = 0; i < whole; i++) {
      if (address[i] != other[i]) {
        return false;
      }
    }
    int rest = bits % 8;
    int mask = 0xff00 >> rest;
    return rest == 0 || (address[whole] & mask & 0xff) == (other[whole] & mask & 0xff);
  }
}
