package dev.weft.instrumentation.okhttp;

import dev.weft.instrumentation.testing.ClientSetup;
import dev.weft.instrumentation.testing.ClientUnderTest;
import java.io.IOException;
import java.io.InterruptedIOException;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import okhttp3.Callback;
import okhttp3.Response;

/** The contract on {@code enqueue}. */
class EnqueueContractTest extends OkHttpContractTest {
  @Override
  protected ClientUnderTest newClient(ClientSetup setup) {
    return new OkHttpUnderTest(setup) {
      @Override
      Response exchange(okhttp3.Call call) throws IOException {
        CompletableFuture<Response> answer = new CompletableFuture<>();
        call.enqueue(
            new Callback() {
              @Override
              public void onFailure(okhttp3.Call failed, IOException e) {
                answer.completeExceptionally(e);
              }

              @Override
              public void onResponse(okhttp3.Call answered, Response response) {
                answer.complete(response);
              }
            });
        try {
          return answer.get();
        } catch (ExecutionException e) {
          throw (IOException) e.getCause();
        } catch (InterruptedException e) {
          call.cancel();
          throw (IOException) new InterruptedIOException("interrupted").initCause(e);
        }
      }
    };
  }
}
