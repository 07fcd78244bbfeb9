/**
 * OkHttp 3.4 and later, {@code execute} and {@code enqueue}.
 *
 * <p>The mesh stands below redirects, cookies, caches and application interceptors, and above
 * connections and network interceptors: {@link dev.weft.instrumentation.okhttp.ProceedHook} hands a
 * hop to the driver where the library would look for a connection. An attempt is a turn of the
 * library's own {@code RetryAndFollowUpInterceptor}, which prepares the call for a connection to
 * another address; {@link dev.weft.instrumentation.okhttp.AddressHook} makes that address the
 * instance's.
 */
package dev.weft.instrumentation.okhttp;
