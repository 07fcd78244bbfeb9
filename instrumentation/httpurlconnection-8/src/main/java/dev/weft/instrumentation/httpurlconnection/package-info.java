/**
 * {@code java.net.HttpURLConnection} of the Java runtime, for {@code http} URLs.
 *
 * <p>Opening a URL of the mesh answers a {@link
 * dev.weft.instrumentation.httpurlconnection.MeshConnection}, which sends with connections of the
 * runtime, one per attempt. Below, {@link dev.weft.instrumentation.httpurlconnection.KeepAliveHook}
 * keeps pooled connections of instances apart and {@link
 * dev.weft.instrumentation.httpurlconnection.ConnectHook} connects to the instance.
 */
package dev.weft.instrumentation.httpurlconnection;
