package dev.weft.instrumentation.nettyserver;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.FileRegion;
import io.netty.handler.stream.ChunkedInput;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.WritableByteChannel;

/** A part of a file, read piece by piece as the client takes it. For one event loop. */
final class ChunkedRegion implements ChunkedInput<ByteBuf> {
  /** What a TLS record holds. */
  private static final int PIECE = 16 * 1024;

  private final FileRegion region;
  private long position;

  ChunkedRegion(FileRegion region) {
    this.region = region;
  }

  @Override
  public boolean isEndOfInput() {
    return position >= region.count();
  }

  @Override
  public void close() {
    region.release();
  }

  @Override
  @Deprecated
  public ByteBuf readChunk(ChannelHandlerContext context) throws IOException {
    return readChunk(context.alloc());
  }

  @Override
  public ByteBuf readChunk(ByteBufAllocator allocator) throws IOException {
    int size = (int) Math.min(PIECE, region.count() - position);
    ByteBuf piece = allocator.buffer(size, size);
    boolean read = false;
    try {
      position += region.transferTo(new Filling(piece), position);
      read = true;
      return piece;
    } finally {
      if (!read) {
        piece.release();
      }
    }
  }

  @Override
  public long length() {
    return region.count();
  }

  @Override
  public long progress() {
    return position;
  }

  /** Takes as much as there is room for. */
  private static final class Filling implements WritableByteChannel {
    private final ByteBuf piece;

    Filling(ByteBuf piece) {
      this.piece = piece;
    }

    @Override
    public int write(ByteBuffer from) {
      int length = Math.min(from.remaining(), piece.writableBytes());
      int limit = from.limit();
      from.limit(from.position() + length);
      piece.writeBytes(from);
      from.limit(limit);
      return length;
    }

    @Override
    public boolean isOpen() {
      return true;
    }

    @Override
    public void close() {}
  }
}
