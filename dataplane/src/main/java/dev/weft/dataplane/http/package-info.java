/**
 * HTTP/1.1 as far as the agent speaks it on its own behalf: answers that it reads, and small
 * requests that it makes itself. Nothing here knows an application's library.
 */
package dev.weft.dataplane.http;
