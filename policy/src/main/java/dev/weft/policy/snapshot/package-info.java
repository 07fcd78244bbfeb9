/**
 * What the control server sends to an agent: immutable documents and their JSON form.
 *
 * <p>Everything is resolved for one agent: names, selectors and merged policies are settled by the
 * server, so that an agent only has to carry out.
 */
package dev.weft.policy.snapshot;
