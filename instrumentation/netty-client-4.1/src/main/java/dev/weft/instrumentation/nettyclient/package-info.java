/**
 * What HTTP clients built on Netty share below their own types: mesh TLS on a channel ({@link
 * dev.weft.instrumentation.nettyclient.ChannelSecurity}), and the request on its way out ({@link
 * dev.weft.instrumentation.nettyclient.RequestTap}). No instrumentation by itself.
 */
package dev.weft.instrumentation.nettyclient;
