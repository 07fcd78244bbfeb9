package dev.weft.instrumentation.httpurlconnection;

import dev.weft.dataplane.filter.LocalReply;
import dev.weft.dataplane.filter.ResponseFlag;
import dev.weft.policy.snapshot.HeaderEdits;
import java.io.ByteArrayInputStream;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.ProtocolException;
import java.net.URL;
import java.util.ArrayList;
import java.util.Collections;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * A response: the head, and where its body comes from, which is either a connection of the runtime
 * or the mesh itself. Header 0 is the status line, under no name, as the runtime counts.
 */
final class Answer {
  private final @Nullable HttpURLConnection connection;
  private final int status;
  private final @Nullable String message;
  private final List<@Nullable String> names;
  private final List<String> values;
  private final @Nullable ByteArrayInputStream body;
  private final URL url;

  /** Headers that the connection had when its head was read; trailers come behind them. */
  private int read;

  private @Nullable ProtocolException refusal;

  private Answer(
      @Nullable HttpURLConnection connection,
      int status,
      @Nullable String message,
      List<@Nullable String> names,
      List<String> values,
      @Nullable ByteArrayInputStream body,
      URL url) {
    this.connection = connection;
    this.status = status;
    this.message = message;
    this.names = names;
    this.values = values;
    this.body = body;
    this.url = url;
  }

  /** What came over a connection whose head is read already. */
  static Answer of(HttpURLConnection connection) throws IOException {
    List<@Nullable String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    for (int i = 0; ; i++) {
      String value = connection.getHeaderField(i);
      if (value == null) {
        break;
      }
      names.add(connection.getHeaderFieldKey(i));
      values.add(value);
    }
    Answer answer =
        new Answer(
            connection,
            connection.getResponseCode(),
            connection.getResponseMessage(),
            names,
            values,
            null,
            connection.getURL());
    answer.read = names.size();
    return answer;
  }

  /** What a server said that did not want the body; the runtime shows its status alone. */
  static Answer refused(int status, URL url, ProtocolException refusal) {
    List<@Nullable String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    Answer answer = new Answer(null, status, null, names, values, null, url);
    answer.refusal = refusal;
    return answer;
  }

  /** The runtime adds trailers to the headers once the body is read. */
  private void readTrailers() {
    if (connection == null) {
      return;
    }
    for (String value = connection.getHeaderField(read);
        value != null;
        value = connection.getHeaderField(read)) {
      names.add(connection.getHeaderFieldKey(read));
      values.add(value);
      read++;
    }
  }

  /** A response that the mesh gives itself. */
  static Answer of(LocalReply reply, URL url) {
    byte[] body = reply.content();
    String phrase = reply.flag() == ResponseFlag.NONE ? "" : reply.flag().name();
    List<@Nullable String> names = new ArrayList<>();
    List<String> values = new ArrayList<>();
    names.add(null);
    values.add("HTTP/1.1 " + reply.status() + " " + phrase);
    reply.eachHeader(
        (name, value) -> {
          names.add(name);
          values.add(value);
        });
    names.add("Content-Length");
    values.add(Integer.toString(reply.length()));
    return new Answer(
        null, reply.status(), phrase, names, values, new ByteArrayInputStream(body), url);
  }

  int status() {
    return status;
  }

  @Nullable String message() {
    return message;
  }

  @Nullable HttpURLConnection connection() {
    return connection;
  }

  @Nullable String nameAt(int index) {
    readTrailers();
    return index < 0 || index >= names.size() ? null : names.get(index);
  }

  @Nullable String valueAt(int index) {
    readTrailers();
    return index < 0 || index >= values.size() ? null : values.get(index);
  }

  /** The last value, as the runtime answers; null stands for the status line. */
  @Nullable String value(@Nullable String name) {
    readTrailers();
    for (int i = names.size() - 1; i >= 0; i--) {
      String known = names.get(i);
      if (known == null ? name == null : known.equalsIgnoreCase(name)) {
        return values.get(i);
      }
    }
    return null;
  }

  /** All headers, the status line under null; unmodifiable. */
  Map<@Nullable String, List<String>> all() {
    readTrailers();
    Map<@Nullable String, List<String>> all = new LinkedHashMap<>();
    for (int i = names.size() - 1; i >= 0; i--) {
      List<String> list = all.get(names.get(i));
      if (list == null) {
        list = new ArrayList<>();
        all.put(names.get(i), list);
      }
      list.add(values.get(i));
    }
    for (Map.Entry<@Nullable String, List<String>> e : all.entrySet()) {
      e.setValue(Collections.unmodifiableList(e.getValue()));
    }
    return Collections.unmodifiableMap(all);
  }

  InputStream inputStream() throws IOException {
    if (connection != null) {
      return connection.getInputStream();
    }
    if (refusal != null) {
      throw refusal;
    }
    if (status == 404 || status == 410) {
      throw new FileNotFoundException(url.toString());
    }
    if (status >= 400 || body == null) {
      throw new IOException("Server returned HTTP response code: " + status + " for URL: " + url);
    }
    return body;
  }

  @Nullable InputStream errorStream() {
    if (connection != null) {
      return connection.getErrorStream();
    }
    return status >= 400 ? body : null;
  }

  Answer edited(HeaderEdits edits) {
    List<@Nullable String> newNames = new ArrayList<>(names);
    List<String> newValues = new ArrayList<>(values);
    for (String name : edits.response.remove) {
      remove(newNames, newValues, name);
    }
    for (Map.Entry<String, String> e : edits.response.set.entrySet()) {
      remove(newNames, newValues, e.getKey());
      newNames.add(e.getKey());
      newValues.add(e.getValue());
    }
    for (Map.Entry<String, String> e : edits.response.add.entrySet()) {
      newNames.add(e.getKey());
      newValues.add(e.getValue());
    }
    Answer edited = new Answer(connection, status, message, newNames, newValues, body, url);
    edited.read = read;
    edited.refusal = refusal;
    return edited;
  }

  private static void remove(List<@Nullable String> names, List<String> values, String name) {
    for (int i = names.size() - 1; i >= 0; i--) {
      if (name.equalsIgnoreCase(names.get(i))) {
        names.remove(i);
        values.remove(i);
      }
    }
  }
}
