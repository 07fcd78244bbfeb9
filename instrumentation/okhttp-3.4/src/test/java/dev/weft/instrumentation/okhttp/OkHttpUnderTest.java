package dev.weft.instrumentation.okhttp;

import dev.weft.instrumentation.testing.Ability;
import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.lang.reflect.InvocationTargetException;
import java.lang.reflect.Method;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.TimeUnit;
import okhttp3.Cookie;
import okhttp3.CookieJar;
import okhttp3.Credentials;
import okhttp3.Headers;
import okhttp3.HttpUrl;
import okhttp3.MediaType;
import okhttp3.OkHttpClient;
import okhttp3.Request;
import okhttp3.RequestBody;
import okhttp3.Response;
import okio.BufferedSink;
import okio.Okio;

/** OkHttp as an application uses it, by what every version has. */
class OkHttpUnderTest implements ClientUnderTest {
  private static final Method TRAILERS = trailers();

  private final OkHttpClient client;

  OkHttpUnderTest(ClientSetup setup) {
    OkHttpClient.Builder builder = new OkHttpClient.Builder();
    if (setup.cookies()) {
      builder.cookieJar(new Cookies());
    }
    ClientSetup.Credentials who = setup.credentials();
    if (who != null) {
      builder.authenticator(
          (route, response) ->
              response.request().header("Authorization") != null
                  ? null
                  : response
                      .request()
                      .newBuilder()
                      .header("Authorization", Credentials.basic(who.user(), who.password()))
                      .build());
    }
    this.client = builder.build();
  }

  /** It bounds what is enqueued, and nobody waits for less than ever. */
  @Override
  public Set<Ability> abilities() {
    Set<Ability> abilities = EnumSet.allOf(Ability.class);
    abilities.remove(Ability.POOL_LIMIT);
    if (System.getProperty("weft.test.okhttp").startsWith("3.4.")) {
      abilities.remove(Ability.EXPECT_REFUSED); // it does not ask
    }
    if (TRAILERS == null) {
      abilities.remove(Ability.TRAILERS);
    }
    return abilities;
  }

  private static Method trailers() {
    try {
      return Response.class.getMethod("trailers");
    } catch (NoSuchMethodException e) {
      return null; // before 3.14
    }
  }

  @Override
  public Result send(Call call) throws Exception {
    Request.Builder request = new Request.Builder().url(call.url());
    call.headers().forEach(e -> request.addHeader(e.getKey(), e.getValue()));
    if (call.expectContinue()) {
      request.header("Expect", "100-continue");
    }
    request.method(call.method(), body(call));
    OkHttpClient.Builder with = client.newBuilder().followRedirects(call.followRedirects());
    if (call.readTimeoutMillis() > 0) {
      with.readTimeout(call.readTimeoutMillis(), TimeUnit.MILLISECONDS);
    }
    okhttp3.Call made = with.build().newCall(request.build());
    call.canceller().accept(made::cancel);
    try (Response response = exchange(made)) {
      // Not bytes(): that one minds the Content-Length of an answer to HEAD.
      byte[] body = response.body().byteStream().readAllBytes();
      Headers trailers = trailersOf(response);
      return new Result(
          response.code(),
          entries(response.headers()),
          body,
          response.request().url().toString(),
          trailers == null ? List.of() : entries(trailers));
    }
  }

  /** Up to 4, an answer that came by no connection has none to tell, such as one of the cache. */
  private static Headers trailersOf(Response response) throws IllegalAccessException {
    try {
      return TRAILERS == null ? null : (Headers) TRAILERS.invoke(response);
    } catch (InvocationTargetException e) {
      return null;
    }
  }

  private static List<Map.Entry<String, String>> entries(Headers headers) {
    List<Map.Entry<String, String>> entries = new ArrayList<>();
    for (int i = 0; i < headers.size(); i++) {
      entries.add(Map.entry(headers.name(i), headers.value(i)));
    }
    return entries;
  }

  Response exchange(okhttp3.Call call) throws IOException {
    return call.execute();
  }

  private static RequestBody body(Call call) {
    boolean required = call.method().equals("POST") || call.method().equals("PUT");
    return switch (call.kind()) {
      case NONE -> required ? RequestBody.create(null, new byte[0]) : null;
      case BYTES -> RequestBody.create(null, call.body());
      case STREAM -> new OneShot(call.body());
    };
  }

  @Override
  public void close() {
    client.dispatcher().executorService().shutdown();
    client.connectionPool().evictAll();
  }

  private static final class Cookies implements CookieJar {
    private final List<Cookie> kept = new CopyOnWriteArrayList<>();

    @Override
    public void saveFromResponse(HttpUrl url, List<Cookie> cookies) {
      kept.addAll(cookies);
    }

    @Override
    public List<Cookie> loadForRequest(HttpUrl url) {
      return kept.stream().filter(c -> c.matches(url)).toList();
    }
  }

  private static final class OneShot extends RequestBody {
    private final ByteArrayInputStream in;

    OneShot(byte[] bytes) {
      this.in = new ByteArrayInputStream(bytes);
    }

    /** Of the library since 3.14. */
    @SuppressWarnings("unused")
    public boolean isOneShot() {
      return true;
    }

    @Override
    public MediaType contentType() {
      return null;
    }

    @Override
    public void writeTo(BufferedSink sink) throws IOException {
      sink.writeAll(Okio.source(in));
    }
  }
}
