/** Where hooks come from: one class loader of hooks beside each class loader of a woven library. */
package dev.weft.agent.hook;
