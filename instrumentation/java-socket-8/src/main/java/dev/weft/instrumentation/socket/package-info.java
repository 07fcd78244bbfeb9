/**
 * Blocking clients that the mesh does not know, in plain {@code java.net.Socket}s: services that
 * {@code mesh.virtual-addresses} names get an address of their own, and a connection to it is mTLS
 * to an instance, balanced per connection.
 *
 * <p>What it does not do: it reads no requests, so routes by path or header, retries of requests,
 * timeouts of routes, header edits and spans do not apply. {@code SocketChannel} and what is built
 * on it fails to connect to such an address. A local address that the application binds before it
 * connects, and buffer sizes set before, are not taken over.
 */
package dev.weft.instrumentation.socket;
