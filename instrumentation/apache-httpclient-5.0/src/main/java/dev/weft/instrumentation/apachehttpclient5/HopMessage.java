package dev.weft.instrumentation.apachehttpclient5;

import java.util.Iterator;
import org.apache.hc.client5.http.config.Configurable;
import org.apache.hc.client5.http.config.RequestConfig;
import org.apache.hc.core5.concurrent.Cancellable;
import org.apache.hc.core5.concurrent.CancellableDependency;
import org.apache.hc.core5.http.ClassicHttpRequest;
import org.apache.hc.core5.http.Header;
import org.apache.hc.core5.http.HttpEntity;
import org.apache.hc.core5.http.message.BasicClassicHttpRequest;
import org.jspecify.annotations.Nullable;

/** A copy of a request for one attempt; to abort it is to abort the attempt. */
final class HopMessage extends BasicClassicHttpRequest
    implements CancellableDependency, Configurable {
  private static final long serialVersionUID = 1L;

  private final transient Abortable abortable;
  private final transient @Nullable RequestConfig config;

  private HopMessage(ClassicHttpRequest original, Abortable abortable) {
    super(original.getMethod(), null, original.getPath());
    this.abortable = abortable;
    this.config = original instanceof Configurable ? ((Configurable) original).getConfig() : null;
    setVersion(original.getVersion());
    setScheme(original.getScheme());
    setAuthority(original.getAuthority());
    for (Iterator<Header> i = original.headerIterator(); i.hasNext(); ) {
      addHeader(i.next());
    }
    setEntity(original.getEntity());
  }

  /** A copy that shares its entity with the original. */
  static HopMessage copy(ClassicHttpRequest original, Abortable abortable) {
    return new HopMessage(original, abortable);
  }

  /** The same with its entity wrapped, so that it can be sent again; null when there is none. */
  @Nullable HopEntity wrapEntity() {
    HttpEntity entity = getEntity();
    if (entity == null) {
      return null;
    }
    HopEntity wrapped = new HopEntity(entity);
    setEntity(wrapped);
    return wrapped;
  }

  @Override
  public @Nullable RequestConfig getConfig() {
    return config;
  }

  @Override
  public void setDependency(Cancellable cancellable) {
    abortable.setDependency(cancellable);
  }

  @Override
  public boolean isCancelled() {
    return abortable.isCancelled();
  }

  @Override
  public boolean cancel() {
    return abortable.cancel();
  }
}
