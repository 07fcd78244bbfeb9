/** Who the control server is, as its agents and operators decide it. */
package dev.weft.policy.trust;
