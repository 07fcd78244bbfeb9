package dev.weft.dataplane;

/** The engine, one per agent. */
public final class DataPlane {}
