/**
 * The agent's side of the control connection: joining, certificates, the lease of the instance, the
 * watch for snapshots, and what of it is kept on disk. Nothing here runs on a thread of the
 * application.
 */
package dev.weft.agent.control;
