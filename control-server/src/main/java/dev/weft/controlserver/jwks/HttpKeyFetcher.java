package dev.weft.controlserver.jwks;

import dev.weft.policy.jwt.JsonText;
import dev.weft.policy.jwt.Jwks;
import dev.weft.policy.snapshot.JwtKey;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * Fetches keys over HTTP from servers that the operator named, or reads them from files. It follows
 * no redirect, sends no credentials, and takes neither long nor much. Thread-safe.
 */
public final class HttpKeyFetcher implements KeyFetcher {
  private final KeyOrigins origins;
  private final Map<String, Path> files;
  private final HttpClient client =
      HttpClient.newBuilder().followRedirects(HttpClient.Redirect.NEVER).build();

  /**
   * @param files that stand in for addresses
   */
  public HttpKeyFetcher(KeyOrigins origins, Map<String, Path> files) {
    this.origins = origins;
    this.files = Map.copyOf(files);
  }

  @Override
  public List<JwtKey> fetch(KeySource source) throws KeyFetchException, InterruptedException {
    String address = source.address();
    if (!source.issuer().isEmpty() && !files.containsKey(address)) {
      address = discovered(source);
    }
    String text = text(address, source);
    List<JwtKey> keys;
    try {
      keys = Jwks.read(text);
    } catch (IllegalArgumentException e) {
      throw new KeyFetchException("the key set of " + address + " " + e.getMessage());
    }
    if (keys.isEmpty()) {
      throw new KeyFetchException(
          "the key set of " + address + " has no public key that verifies signatures");
    }
    return keys;
  }

  /** OpenID Connect Discovery 1.0, section 4.3: a document of another issuer must not be used. */
  private String discovered(KeySource source) throws KeyFetchException, InterruptedException {
    Map<String, Object> document;
    try {
      document = JsonText.object(text(source.address(), source));
    } catch (IllegalArgumentException e) {
      throw new KeyFetchException("the document " + source.address() + " " + e.getMessage());
    }
    if (!source.issuer().equals(document.get("issuer"))) {
      throw new KeyFetchException(
          "the document " + source.address() + " is not of the issuer " + source.issuer());
    }
    if (document.get("jwks_uri") instanceof String keys) {
      return keys;
    }
    throw new KeyFetchException("the document " + source.address() + " has no \"jwks_uri\"");
  }

  private String text(String address, KeySource source)
      throws KeyFetchException, InterruptedException {
    Path file = files.get(address);
    try {
      if (file != null) {
        try (InputStream in = Files.newInputStream(file)) {
          byte[] bytes = in.readNBytes(Jwks.MAX_SIZE + 1);
          if (bytes.length > Jwks.MAX_SIZE) {
            throw new KeyFetchException(file + " has more than " + Jwks.MAX_SIZE + " bytes");
          }
          return new String(bytes, StandardCharsets.UTF_8);
        }
      }
      return get(origins.require(address), source);
    } catch (IOException e) {
      throw new KeyFetchException(
          (file == null ? address : file.toString()) + " cannot be read: " + e);
    }
  }

  private String get(URI address, KeySource source)
      throws IOException, KeyFetchException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(address)
            .timeout(source.timeout())
            .header("accept", "application/json")
            .build();
    CompletableFuture<HttpResponse<byte[]>> answer =
        client.sendAsync(request, head -> new BoundedBody(Jwks.MAX_SIZE));
    try {
      // The client's own timeout ends with the head of the answer.
      HttpResponse<byte[]> response =
          answer.get(source.timeout().toMillis(), TimeUnit.MILLISECONDS);
      if (response.statusCode() != 200) {
        String redirect = response.statusCode() / 100 == 3 ? "; redirects are not followed" : "";
        throw new KeyFetchException(
            address + " answered " + response.statusCode() + " in place of keys" + redirect);
      }
      return new String(response.body(), StandardCharsets.UTF_8);
    } catch (TimeoutException e) {
      throw new KeyFetchException(
          address + " took longer than " + source.timeout().toMillis() + "ms");
    } catch (ExecutionException e) {
      throw new KeyFetchException(address + " cannot be read: " + e.getCause());
    } finally {
      answer.cancel(true);
    }
  }
}
