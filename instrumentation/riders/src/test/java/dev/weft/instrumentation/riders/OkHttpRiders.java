package dev.weft.instrumentation.riders;

import feign.Client;
import feign.Feign;
import feign.RequestLine;
import feign.Retryer;
import feign.Target;
import java.io.IOException;
import java.net.URI;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.RequestBody;
import okhttp3.ResponseBody;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;
import retrofit2.Retrofit;
import retrofit2.http.Body;
import retrofit2.http.GET;
import retrofit2.http.POST;
import retrofit2.http.Url;

/** Clients that are made of OkHttp. */
final class OkHttpRiders {
  private OkHttpRiders() {}

  interface RetrofitService {
    @GET
    Call<ResponseBody> get(@Url String url);

    @POST
    Call<ResponseBody> post(@Url String url, @Body RequestBody body);
  }

  interface FeignService {
    @RequestLine("GET")
    String get(URI url);

    @RequestLine("POST")
    String post(URI url, String body);
  }

  static Rider feign() {
    return feign(new feign.okhttp.OkHttpClient());
  }

  /** Feign, which throws for statuses of errors; without its own retries. */
  static Rider feign(Client client) {
    FeignService service =
        Feign.builder()
            .client(client)
            .retryer(Retryer.NEVER_RETRY)
            .target(Target.EmptyTarget.create(FeignService.class));
    return (method, url, body) ->
        body == null ? service.get(URI.create(url)) : service.post(URI.create(url), body);
  }

  /** Retrofit, which throws for no status. */
  static Rider retrofit(boolean later) {
    RetrofitService service =
        new Retrofit.Builder()
            .baseUrl("http://unused/")
            .client(new OkHttpClient())
            .build()
            .create(RetrofitService.class);
    return (method, url, body) -> {
      Call<ResponseBody> call =
          body == null ? service.get(url) : service.post(url, RequestBody.create(body, null));
      Response<ResponseBody> answer = later ? later(call) : call.execute();
      try (ResponseBody text = answer.isSuccessful() ? answer.body() : answer.errorBody()) {
        return answer.code() + " " + (text == null ? null : text.string());
      }
    };
  }

  private static Response<ResponseBody> later(Call<ResponseBody> call) throws Exception {
    CompletableFuture<Response<ResponseBody>> answer = new CompletableFuture<>();
    call.enqueue(
        new Callback<>() {
          @Override
          public void onResponse(Call<ResponseBody> call, Response<ResponseBody> response) {
            answer.complete(response);
          }

          @Override
          public void onFailure(Call<ResponseBody> call, Throwable failure) {
            answer.completeExceptionally(failure);
          }
        });
    try {
      return answer.get(30, TimeUnit.SECONDS);
    } catch (ExecutionException e) {
      throw e.getCause() instanceof IOException failure ? failure : e;
    }
  }
}
