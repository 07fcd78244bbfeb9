/**
 * {@code java.net.http.HttpClient}, HTTP/1.1 and HTTP/2.
 *
 * <p>The mesh stands where the client handles one hop ({@code Exchange.responseAsync}): below
 * redirects, cookies and authentication, above connections. A retry is a new exchange of the same
 * multi-exchange, as the client's own retries are, so that timeouts, cancellation, executors and
 * body handlers go on to be the client's business.
 */
package dev.weft.instrumentation.javahttpclient;
