/**
 * Connections of a server on Netty: plaintext and mesh mTLS on one port.
 *
 * <p>{@link dev.weft.instrumentation.nettyserver.FirstBytes} hears a connection before the server's
 * own handlers do, {@link dev.weft.instrumentation.nettyserver.MeshTls} deciphers it, {@link
 * dev.weft.instrumentation.nettyserver.Admission} verifies who is there, and {@link
 * dev.weft.instrumentation.nettyserver.NettyConnections} tells that afterwards.
 */
package dev.weft.instrumentation.nettyserver;
