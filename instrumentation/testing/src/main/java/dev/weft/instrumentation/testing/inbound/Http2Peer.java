package dev.weft.instrumentation.testing.inbound;

import java.io.ByteArrayOutputStream;
import java.io.DataInputStream;
import java.io.EOFException;
import java.io.IOException;
import java.net.Socket;
import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;

/** As much of an HTTP/2 client (RFC 9113) as shows what a connection does. For one thread. */
final class Http2Peer {
  /** First byte of the fields of an answer with status 200: the static table's entry 8. */
  static final int OK = 0x88;

  private static final int DATA = 0;
  private static final int HEADERS = 1;
  private static final int RESET = 3;
  private static final int SETTINGS = 4;
  private static final int PING = 6;
  private static final int GOAWAY = 7;
  private static final int ACK = 1;
  private static final int END_STREAM = 1;
  private static final int END_HEADERS = 4;

  private final Socket socket;
  private final DataInputStream in;
  private int stream = -1;
  private String lastBody = "";

  private Http2Peer(Socket socket) throws IOException {
    this.socket = socket;
    this.in = new DataInputStream(socket.getInputStream());
  }

  /** Sends the preface and empty settings. */
  static Http2Peer open(Socket socket) throws IOException {
    Http2Peer peer = new Http2Peer(socket);
    socket
        .getOutputStream()
        .write("PRI * HTTP/2.0\r\n\r\nSM\r\n\r\n".getBytes(StandardCharsets.US_ASCII));
    peer.send(SETTINGS, 0, 0, new byte[0]);
    return peer;
  }

  /**
   * One GET; waits for the whole answer.
   *
   * @return the first byte of the answer's fields, which tells the status
   */
  int get(String path, String authority) throws IOException {
    stream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x82); // :method GET
    block.write(0x86); // :scheme http
    literal(block, 0x01, authority);
    literal(block, 0x04, path);
    send(HEADERS, END_STREAM | END_HEADERS, stream, block.toByteArray());
    return answer();
  }

  /**
   * One POST, its body in pieces, with the header {@code x-pass: yes}; waits for the whole answer.
   *
   * @return as {@link #get}
   */
  int post(String path, String authority, byte[]... pieces) throws IOException {
    stream += 2;
    ByteArrayOutputStream block = new ByteArrayOutputStream();
    block.write(0x83); // :method POST
    block.write(0x86); // :scheme http
    literal(block, 0x01, authority);
    literal(block, 0x04, path);
    literal(block, 0x00, "x-pass");
    block.write(3);
    block.writeBytes("yes".getBytes(StandardCharsets.US_ASCII));
    send(HEADERS, END_HEADERS, stream, block.toByteArray());
    for (byte[] piece : pieces) {
      send(DATA, 0, stream, piece);
    }
    send(DATA, END_STREAM, stream, new byte[0]);
    return answer();
  }

  /** The text that came with the last answer. */
  String lastBody() {
    return lastBody;
  }

  /** Whether the server has ended the connection, or does within the read timeout. */
  boolean isEnded() throws IOException {
    try {
      while (true) {
        int length = in.read();
        if (length < 0) {
          return true;
        }
        length = length << 16 | in.readUnsignedShort();
        in.skipNBytes(6L + length);
      }
    } catch (java.net.SocketTimeoutException e) {
      return false;
    } catch (IOException e) {
      return true;
    }
  }

  private int answer() throws IOException {
    ByteArrayOutputStream body = new ByteArrayOutputStream();
    int status = -1;
    while (true) {
      int length = in.readUnsignedByte() << 16 | in.readUnsignedShort();
      int type = in.readUnsignedByte();
      int flags = in.readUnsignedByte();
      int of = in.readInt();
      byte[] payload = new byte[length];
      in.readFully(payload);
      if (type == SETTINGS && (flags & ACK) == 0) {
        send(SETTINGS, ACK, 0, new byte[0]);
      } else if (type == PING && (flags & ACK) == 0) {
        send(PING, ACK, 0, payload);
      } else if ((type == RESET && of == stream) || (type == GOAWAY && leavesOut(payload))) {
        throw new EOFException("the server ended frame type " + type);
      } else if (of == stream && type == HEADERS && status < 0) {
        status = firstField(payload);
      } else if (of == stream && type == DATA) {
        body.write(payload, 0, length);
      }
      if (of == stream && (type == HEADERS || type == DATA) && (flags & END_STREAM) != 0) {
        lastBody = body.toString(StandardCharsets.UTF_8);
        return status;
      }
    }
  }

  /** Whether a GOAWAY says that the stream under way is not answered any more. */
  private boolean leavesOut(byte[] goAway) {
    ByteBuffer said = ByteBuffer.wrap(goAway);
    int last = said.getInt();
    return said.getInt() != 0 || last < stream;
  }

  /** What follows the updates of the dynamic table's size (RFC 7541, section 6.3). */
  private static int firstField(byte[] block) {
    int at = 0;
    while ((block[at] & 0xe0) == 0x20) {
      if ((block[at++] & 0x1f) == 0x1f) {
        while ((block[at++] & 0x80) != 0) {
          // The size goes on in the next byte.
        }
      }
    }
    return block[at] & 0xff;
  }

  /** A literal without indexing whose name is in the static table (RFC 7541, section 6.2.2). */
  private static void literal(ByteArrayOutputStream block, int name, String value) {
    block.write(name);
    block.write(value.length());
    block.writeBytes(value.getBytes(StandardCharsets.US_ASCII));
  }

  private void send(int type, int flags, int of, byte[] payload) throws IOException {
    byte[] frame = new byte[9 + payload.length];
    frame[1] = (byte) (payload.length >> 8);
    frame[2] = (byte) payload.length;
    frame[3] = (byte) type;
    frame[4] = (byte) flags;
    frame[7] = (byte) (of >> 8);
    frame[8] = (byte) of;
    System.arraycopy(payload, 0, frame, 9, payload.length);
    socket.getOutputStream().write(frame);
    socket.getOutputStream().flush();
  }
}
