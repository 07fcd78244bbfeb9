/**
 * AsyncHttpClient.
 *
 * <p>{@link dev.weft.instrumentation.asynchttpclient.SendHook} stands where a hop is sent, below
 * redirects and authentication. All attempts of a hop are sent with the application's own future,
 * which hears of an attempt only what the driver lets through: {@link
 * dev.weft.instrumentation.asynchttpclient.InterceptHook} has the heads of responses and {@link
 * dev.weft.instrumentation.asynchttpclient.AbortHook} the failures.
 */
package dev.weft.instrumentation.asynchttpclient;
