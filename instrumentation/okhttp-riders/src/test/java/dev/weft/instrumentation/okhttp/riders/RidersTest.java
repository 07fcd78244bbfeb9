package dev.weft.instrumentation.okhttp.riders;

import static org.assertj.core.api.Assertions.assertThat;

import feign.Feign;
import feign.Param;
import feign.RequestLine;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import okhttp3.OkHttpClient;
import okhttp3.ResponseBody;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import retrofit2.Call;
import retrofit2.Callback;
import retrofit2.Response;
import retrofit2.Retrofit;
import retrofit2.http.GET;
import retrofit2.http.Path;

/** Clients that are made of OkHttp are in the mesh with it. */
@Timeout(60)
class RidersTest {
  private Rig rig;

  @BeforeEach
  void start() throws Exception {
    rig = new Rig();
  }

  @AfterEach
  void stop() {
    rig.close();
  }

  interface RetrofitOrders {
    @GET("orders/{id}")
    Call<ResponseBody> order(@Path("id") String id);
  }

  interface FeignOrders {
    @RequestLine("GET /orders/{id}")
    String order(@Param("id") String id);
  }

  @Test
  void retrofitIsSecuredAndRetried() throws Exception {
    RetrofitOrders orders =
        new Retrofit.Builder()
            .baseUrl("http://orders:8080/")
            .client(new OkHttpClient())
            .build()
            .create(RetrofitOrders.class);
    for (int i = 0; i < 4; i++) {
      Response<ResponseBody> answer = i % 2 == 0 ? orders.order("7").execute() : later(orders);
      assertThat(answer.code()).isEqualTo(200);
      assertThat(answer.body().string()).isEqualTo("hello");
      assertThat(rig.good().last().target()).isEqualTo("/orders/7");
      assertThat(rig.good().last().peer()).isEqualTo("CN=caller");
    }
    assertThat(rig.good().requests()).hasSize(4);
  }

  private static Response<ResponseBody> later(RetrofitOrders orders) throws Exception {
    CompletableFuture<Response<ResponseBody>> answer = new CompletableFuture<>();
    orders
        .order("7")
        .enqueue(
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
    return answer.get(30, TimeUnit.SECONDS);
  }

  @Test
  void feignIsSecuredAndRetried() {
    FeignOrders orders =
        Feign.builder()
            .client(new feign.okhttp.OkHttpClient())
            .target(FeignOrders.class, "http://orders:8080");
    for (int i = 0; i < 4; i++) {
      assertThat(orders.order("8")).isEqualTo("hello");
      assertThat(rig.good().last().target()).isEqualTo("/orders/8");
      assertThat(rig.good().last().peer()).isEqualTo("CN=caller");
    }
    assertThat(rig.good().requests()).hasSize(4);
  }
}
