/**
 * Apache HttpClient 5, the classic clients and the asynchronous ones.
 *
 * <p>The mesh stands below redirects and above everything that belongs to one hop: {@link
 * dev.weft.instrumentation.apachehttpclient5.ExecuteHook} hands the hop to the driver, {@link
 * dev.weft.instrumentation.apachehttpclient5.RouteHook} makes the instance part of the pool's key,
 * and {@link dev.weft.instrumentation.apachehttpclient5.ConnectHook} connects to it.
 *
 * <p>What it does not do: a client whose connection operator the application wrote itself, and one
 * in whose execution chain the application replaced both {@code RETRY} and {@code PROTOCOL}, cannot
 * call the mesh: such calls fail. Resolvers of socket, connection and TLS configuration per route
 * see the route of the instance, not that of the service. Upgrades to TLS within a connection (RFC
 * 2817) are not made with instances of the mesh.
 *
 * <p>The asynchronous clients go the same way through {@link
 * dev.weft.instrumentation.apachehttpclient5.AsyncExecuteHook}, the same route hook, and {@link
 * dev.weft.instrumentation.apachehttpclient5.AsyncConnectHook}.
 */
package dev.weft.instrumentation.apachehttpclient5;
