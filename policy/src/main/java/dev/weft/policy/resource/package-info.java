/**
 * The policy language: Istio's kinds as tables, resources read from YAML, and their typed views.
 *
 * <p>A kind is two files: {@code XyKind} holds its table of fields and the conditions that span
 * them, {@code XySpec} is what the compiler works with.
 */
package dev.weft.policy.resource;
