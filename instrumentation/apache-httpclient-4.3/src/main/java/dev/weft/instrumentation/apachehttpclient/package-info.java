/**
 * Apache HttpClient 4.3 to 4.5.
 *
 * <p>The mesh stands below redirects and above everything that belongs to one hop: {@link
 * dev.weft.instrumentation.apachehttpclient.ExecuteHook} hands the hop to the driver, {@link
 * dev.weft.instrumentation.apachehttpclient.RouteHook} makes the instance part of the pool's key,
 * and {@link dev.weft.instrumentation.apachehttpclient.ConnectHook} connects to it.
 */
package dev.weft.instrumentation.apachehttpclient;
