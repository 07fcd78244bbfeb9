/**
 * Traces, metrics and the access log of the data plane. Everything here fails open: nothing that
 * goes wrong in this package reaches a request.
 */
package dev.weft.dataplane.telemetry;
