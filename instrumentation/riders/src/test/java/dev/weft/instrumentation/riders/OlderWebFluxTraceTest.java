package dev.weft.instrumentation.riders;

/** The same with Spring 5, as under Spring Boot 2. */
class OlderWebFluxTraceTest extends WebFluxTraceTest {}
