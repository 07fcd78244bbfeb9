/** Policy of other meshes turned into Istio's kinds. */
package dev.weft.meshctl.convert;
