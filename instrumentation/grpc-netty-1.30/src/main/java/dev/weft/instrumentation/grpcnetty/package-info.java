/** gRPC over Netty: mesh TLS on its connections. */
package dev.weft.instrumentation.grpcnetty;
