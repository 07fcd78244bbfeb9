/** What runs behind the hooks: the data plane and the control client, put together. */
package dev.weft.agent.runtime;
