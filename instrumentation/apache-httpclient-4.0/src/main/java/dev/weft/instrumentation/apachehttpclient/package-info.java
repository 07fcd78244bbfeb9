/**
 * Apache HttpClient 4.
 *
 * <p>The mesh stands below redirects and above everything that belongs to one hop. The clients of
 * 4.0 to 4.2 send hops by a request director, which {@link
 * dev.weft.instrumentation.apachehttpclient.DirectorHook} puts the driver into; those of {@code
 * HttpClientBuilder}, from 4.3 on, by a chain that the folder of that version weaves. What a hop
 * is, is the same for both.
 */
package dev.weft.instrumentation.apachehttpclient;
