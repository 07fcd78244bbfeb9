/**
 * What an instrumentation is made of: which library ({@link dev.weft.agent.extension.Library}),
 * which methods ({@link dev.weft.agent.extension.TypeInstrumentation}), and the hooks behind them
 * ({@link dev.weft.agent.extension.MeshHook}). CONTRIBUTING.md walks through one.
 */
package dev.weft.agent.extension;
