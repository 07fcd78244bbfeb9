/** Analysis of policy documents as a whole, with Istio's message codes. */
package dev.weft.analysis;
